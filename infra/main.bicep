targetScope = 'subscription'

// What `azd up` makes: one resource group with the app and everything it needs. Its parameters
// come from main.parameters.json, which takes them from the azd environment. infra/README.md says
// why each resource is there and what it costs.

@description('The name of the azd environment; a short hash of it goes into every name.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('The region of everything.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Who may upload and fetch restored disks; azd fills in who runs it.')
param principalId string = ''

@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Whether base images get an account of their own, apart from deltas and uploads.')
param twoDataAccounts bool = false

@description('Redundancy of the data accounts. The ZRS kinds know no Archive tier.')
@allowed(['Standard_LRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_ZRS', 'Standard_GZRS'])
param dataRedundancy string = 'Standard_LRS'

@description('Days that previous versions of base images and manifests are kept; 0 for none.')
@minValue(0)
@maxValue(30)
param baseVersionDays int = 3

@description('Days a deleted blob can be brought back. It is billed until then.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@description('Where Durable Functions keep the histories of flows.')
@allowed(['storage', 'scheduler'])
param durableBackend string = 'storage'

@description('Memory of an instance, with CPU in proportion.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('How far the app scales out: the bound on what an hour can cost.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('HTTP requests that one instance handles at once. Each may stream a disk.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('auto stores each new machine against the one that it is most like; none by itself.')
@allowed(['auto', 'none'])
param likeMachines string = 'none'

@description('Who is told when an alert fires; empty for nobody.')
param alertEmail string = ''

@description('How old the oldest upload that waits may become before an alert fires, in minutes.')
@minValue(15)
@maxValue(1440)
param oldestUploadMinutes int = 120

var abbrs = loadJsonContent('./abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var useScheduler = durableBackend == 'scheduler'

// The containers, queues and topics that the app knows by these names.
var baseContainer = 'base'
var deltaContainer = 'delta'
var incomingContainer = 'incoming'
var quarantineContainer = 'quarantine'
var restoredContainer = 'restored'
var besideBase = [deltaContainer, incomingContainer, quarantineContainer, restoredContainer]

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbrs.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbrs.managedIdentityUserAssignedIdentities}${token}'
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: '${abbrs.operationalInsightsWorkspaces}${token}'
    componentName: '${abbrs.insightsComponents}${token}'
  }
}

module hostStorage 'app/storage-host.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbrs.storageStorageAccounts}app${token}'
    packageContainer: 'app-package'
  }
}

// Base images alone, when they are to have their own account: then only they are versioned, and
// the two have each their own limits on requests.
module baseStorage 'app/storage-data.bicep' = if (twoDataAccounts) {
  name: 'base-storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbrs.storageStorageAccounts}base${token}'
    redundancy: dataRedundancy
    containers: [baseContainer]
    softDeleteDays: softDeleteDays
    versionDays: baseVersionDays
  }
}

// Everything else, and base images too when there is one account. It is always of the general
// kind: only that has tables, queues, page blobs and events for the trigger.
module deltaStorage 'app/storage-data.bicep' = {
  name: 'delta-storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbrs.storageStorageAccounts}data${token}'
    redundancy: dataRedundancy
    containers: twoDataAccounts ? besideBase : concat([baseContainer], besideBase)
    softDeleteDays: softDeleteDays
    versionDays: twoDataAccounts ? 0 : baseVersionDays
  }
}

module messaging 'app/messaging.bicep' = {
  name: 'messaging'
  scope: group
  params: {
    location: location
    tags: tags
    namespaceName: '${abbrs.serviceBusNamespaces}${token}'
    queueName: 'uploads'
    rehydratedQueueName: 'rehydrated'
    topicName: 'outcomes'
    subscriptionName: 'all'
  }
}

module uploadEvents 'app/upload-events.bicep' = {
  name: 'upload-events'
  scope: group
  params: {
    location: location
    tags: tags
    topicName: '${abbrs.eventGridSystemTopics}${token}'
    accountId: deltaStorage.outputs.id
    identityId: identity.outputs.id
  }
}

module scheduler 'app/durable-scheduler.bicep' = if (useScheduler) {
  name: 'durable-scheduler'
  scope: group
  params: {
    location: location
    tags: tags
    schedulerName: '${abbrs.durableTaskSchedulers}${token}'
    taskHubName: '${abbrs.durableTaskHubs}${token}'
  }
}

module roles 'app/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    appPrincipalId: identity.outputs.principalId
    userPrincipalId: principalId
    userPrincipalType: principalType
    hostStorageName: hostStorage.outputs.name
    baseStorageName: baseStorage.?outputs.name ?? deltaStorage.outputs.name
    deltaStorageName: deltaStorage.outputs.name
    baseContainer: baseContainer
    deltaContainer: deltaContainer
    incomingContainer: incomingContainer
    quarantineContainer: quarantineContainer
    restoredContainer: restoredContainer
    serviceBusName: messaging.outputs.namespaceName
    uploadsQueue: messaging.outputs.queueName
    rehydratedQueue: messaging.outputs.rehydratedQueueName
    outcomesTopic: messaging.outputs.topicName
    insightsName: monitoring.outputs.componentName
    durableInStorage: !useScheduler
  }
}

module schedulerRoles 'app/roles-scheduler.bicep' = if (useScheduler) {
  name: 'scheduler-roles'
  scope: group
  params: {
    appPrincipalId: identity.outputs.principalId
    schedulerName: scheduler.?outputs.schedulerName ?? ''
    taskHubName: scheduler.?outputs.taskHubName ?? ''
  }
}

// After the roles: Event Grid tries the identity that it is to send as.
module rehydrationEvents 'app/rehydration-events.bicep' = {
  name: 'rehydration-events'
  scope: group
  params: {
    topicName: uploadEvents.outputs.topicName
    containerName: deltaContainer
    queueId: messaging.outputs.rehydratedQueueId
    identityId: identity.outputs.id
  }
  dependsOn: [roles]
}

// After the roles: an app that starts without them fails its first calls, and its host keeps
// trying for minutes.
module functions 'app/functions.bicep' = {
  name: 'functions'
  scope: group
  params: {
    location: location
    tags: tags
    planName: '${abbrs.webServerFarms}${token}'
    appName: '${abbrs.webSitesFunctions}${token}'
    serviceName: 'functions'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorage.outputs.name
    packageUrl: hostStorage.outputs.packageUrl
    baseBlobUrl: baseStorage.?outputs.blobUrl ?? deltaStorage.outputs.blobUrl
    deltaBlobUrl: deltaStorage.outputs.blobUrl
    tablesUrl: deltaStorage.outputs.tableUrl
    incomingBlobUrl: deltaStorage.outputs.blobUrl
    incomingQueueUrl: deltaStorage.outputs.queueUrl
    likeMachines: likeMachines
    serviceBusHostName: messaging.outputs.hostName
    insightsConnectionString: monitoring.outputs.connectionString
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    taskHubName: scheduler.?outputs.taskHubName ?? ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    httpConcurrency: httpConcurrency
  }
  dependsOn: [roles, schedulerRoles]
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    prefix: '${abbrs.insightsAlerts}${token}-'
    actionGroupName: '${abbrs.insightsActionGroups}${token}'
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: messaging.outputs.namespaceId
    uploadsQueue: messaging.outputs.queueName
    oldestUploadMinutes: oldestUploadMinutes
  }
}

// azd keeps these in its environment, where scripts/ and infra/README.md take them from.
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = functions.outputs.appName
output SNAPSHOTS_URL string = functions.outputs.appUrl
output SNAPSHOTS_DATA_ACCOUNT string = deltaStorage.outputs.name
output SNAPSHOTS_INCOMING_URL string = '${deltaStorage.outputs.blobUrl}${incomingContainer}'
output SNAPSHOTS_QUARANTINE_URL string = '${deltaStorage.outputs.blobUrl}${quarantineContainer}'
output SNAPSHOTS_RESTORED_URL string = '${deltaStorage.outputs.blobUrl}${restoredContainer}'
output INCOMING_CONTAINER string = incomingContainer
output UPLOAD_EVENTS_TOPIC string = uploadEvents.outputs.topicName
output SERVICE_BUS_HOST string = messaging.outputs.hostName
output OUTCOMES_TOPIC string = messaging.outputs.topicName
output OUTCOMES_SUBSCRIPTION string = messaging.outputs.subscriptionName
