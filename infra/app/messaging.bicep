// The queue that uploads wait in, one session a machine, that of blobs which came back from the
// archive, and the topic that outcomes go out on.

param location string
param tags object
param namespaceName string
param queueName string
param rehydratedQueueName string
param topicName string
param subscriptionName string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    // Basic has neither sessions nor topics nor duplicate detection.
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource uploads 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: queueName
  properties: {
    // The session is the machine: its uploads are handled one after the other, in order.
    requiresSession: true
    // The message's id is the blob's name and ETag. Event Grid repeats an event for up to a day.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P1D'
    // The longest that the service allows; the host renews it while a message is handled.
    lockDuration: 'PT5M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    // An upload that nobody took is not forgotten: it is quarantined like one that failed.
    deadLetteringOnMessageExpiration: true
  }
}

resource rehydrated 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: rehydratedQueueName
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 5
    // News that is old helps nobody: the jobs' own timers are faster.
    defaultMessageTimeToLive: 'PT4H'
    deadLetteringOnMessageExpiration: false
  }
}

resource outcomes 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: topicName
  properties: {
    // An event's id is stable, so that a step which runs twice publishes once.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P1D'
    defaultMessageTimeToLive: 'P14D'
  }
}

resource everything 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: outcomes
  name: subscriptionName
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    // Nobody may be reading it yet. Dead letters never expire and would fill the topic, so that
    // an outcome which nobody fetched within two weeks is dropped; the manifests still tell it.
    deadLetteringOnMessageExpiration: false
  }
}

output namespaceId string = namespace.id
output namespaceName string = namespace.name
// The endpoint is https://NAME.servicebus...:443/; its host differs from cloud to cloud.
output hostName string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
output queueName string = uploads.name
output rehydratedQueueName string = rehydrated.name
output rehydratedQueueId string = rehydrated.id
output topicName string = outcomes.name
output subscriptionName string = everything.name
