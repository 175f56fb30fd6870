// Sends word of blobs that came back from the archive to a queue of the app: copies that were made
// of archived blobs, and blobs whose own tier has changed. Jobs that wait for them look sooner by
// it; without it they look by their timers.

@description('The system topic of the account that deltas lie in.')
param topicName string

@description('The container that deltas lie in.')
param containerName string

@description('The queue.')
param queueId string

@description('The identity that Event Grid sends as; it may send to the queue.')
param identityId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

var container = '/blobServices/default/containers/${containerName}/'
var toQueue = {
  identity: {
    type: 'UserAssigned'
    userAssignedIdentity: identityId
  }
  destination: {
    endpointType: 'ServiceBusQueue'
    properties: {
      resourceId: queueId
    }
  }
}
// Later than this a job has looked by itself many times over.
var retries = {
  maxDeliveryAttempts: 30
  eventTimeToLiveInMinutes: 240
}

resource copies 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'rehydrated-copies'
  properties: {
    deliveryWithResourceIdentity: toQueue
    filter: {
      subjectBeginsWith: container
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      // Deltas are written to the same container all day; none of that may come here.
      advancedFilters: [
        {
          operatorType: 'StringContains'
          key: 'subject'
          values: ['/rehydrated/']
        }
      ]
    }
    eventDeliverySchema: 'EventGridSchema'
    retryPolicy: retries
  }
}

resource tiers 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'rehydrated-tiers'
  properties: {
    deliveryWithResourceIdentity: toQueue
    filter: {
      subjectBeginsWith: container
      includedEventTypes: ['Microsoft.Storage.BlobTierChanged']
      // The steps down the tiers are of no interest to anybody.
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.previousTier'
          values: ['Archive']
        }
      ]
    }
    eventDeliverySchema: 'EventGridSchema'
    retryPolicy: retries
  }
}
