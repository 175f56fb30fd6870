// Sends what arrives in the container of uploads to the app's blob trigger. Deployed by
// scripts/post-deploy, not by main.bicep, for two reasons: the key of the trigger's address exists
// only once the host has started with the app in it, and Event Grid asks the function to answer
// before it accepts the address. The key goes from one service to the other inside the deployment
// and is seen by no shell.

@description('The function app.')
param functionAppName string

@description('The function with the blob trigger.')
param functionName string

@description('The system topic of the account that uploads arrive in.')
param topicName string

@description('The container that uploads arrive in.')
param containerName string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

var hostKeys = listKeys('${app.id}/host/default', '2025-03-01')
var trigger = 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs'

resource uploads 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'uploads'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: '${trigger}?functionName=Host.Functions.${functionName}&code=${hostKeys.systemKeys.blobs_extension}'
      }
    }
    filter: {
      // The app writes to other containers of the account all day; none of that may come here.
      subjectBeginsWith: '/blobServices/default/containers/${containerName}/'
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
    }
    eventDeliverySchema: 'EventGridSchema'
    // The service's own limits. What is lost all the same is found by the app's timer, which
    // compares the container with the manifests.
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
}
