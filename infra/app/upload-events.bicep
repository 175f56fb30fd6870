// The account's events. Who gets them is said after the app is deployed: see upload-subscription.

param location string
param tags object
param topicName string
param accountId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  properties: {
    source: accountId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output topicName string = topic.name
