// What somebody should be told of. The rules exist without an address too: they then only show in
// the portal.

param location string
param tags object
param prefix string
param actionGroupName string

@description('Who is told; empty for nobody.')
param email string

param workspaceId string
param serviceBusId string
param uploadsQueue string

@description('How old the oldest upload that waits may become, in minutes.')
param oldestUploadMinutes int

// The names that the app logs these events under, and the field that one of them carries. A
// worker's own telemetry keeps a field's name; what the host passes on has prop__ before it.
var verifyFailedEvent = 'VerifyFailed'
var uploadsWaitingEvent = 'UploadsWaiting'
var oldestField = 'OldestMinutes'

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: actionGroupName
  // An action group belongs to no region.
  #disable-next-line no-hardcoded-location
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'snapshots'
    emailReceivers: [
      {
        name: 'email'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// An upload that could not be handled. The app quarantines it and publishes why; the alert also
// fires when that handler itself does not run.
resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}dead-letters'
  #disable-next-line no-hardcoded-location
  location: 'global'
  tags: tags
  properties: {
    description: 'An upload could not be handled and lies in the dead-letter queue.'
    severity: 1
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [uploadsQueue]
            }
          ]
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: actions.id }]
  }
}

// A check of what is stored found damage: the gravest thing that this product can have to say.
resource verifyFailed 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}verify-failed'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'A verification failed'
    description: 'A machine has stored data that does not match its fingerprints.'
    severity: 0
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    autoMitigate: false
    // The tables of a new workspace have no rows yet, which a check of the query takes amiss.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where tostring(Properties.EventName) == "${verifyFailedEvent}"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(email) ? [] : [actions.id]
    }
  }
}

// Uploads wait and nothing takes them: lost events, a stopped app, a machine's turn never freed.
// The app's timer logs the age whenever it compares the container with the manifests.
resource oldestUpload 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${prefix}oldest-upload'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'An upload waits too long'
    description: 'The oldest upload has waited more than ${oldestUploadMinutes} minutes.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where tostring(Properties.EventName) == "${uploadsWaitingEvent}" | extend ${oldestField} = todouble(coalesce(tostring(Properties.${oldestField}), tostring(Properties.prop__${oldestField})))'
          metricMeasureColumn: oldestField
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: oldestUploadMinutes
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(email) ? [] : [actions.id]
    }
  }
}
