// Who may do what. Each assignment is as narrow as its reason: a container, a queue or a topic
// rather than an account or a namespace. The ids are those of Azure's built-in roles.

@description('The object id of the identity that the app acts as.')
param appPrincipalId string

@description('Who runs azd and is to upload and fetch; empty for nobody.')
param userPrincipalId string

@allowed(['User', 'Group', 'ServicePrincipal'])
param userPrincipalType string

param hostStorageName string
param baseStorageName string
param deltaStorageName string
param baseContainer string
param deltaContainer string
param incomingContainer string
param quarantineContainer string
param restoredContainer string
param serviceBusName string
param uploadsQueue string
param rehydratedQueue string
param outcomesTopic string
param insightsName string

@description('Whether Durable Functions keep their histories in the app\'s storage account.')
param durableInStorage bool

var roleType = 'Microsoft.Authorization/roleDefinitions'
var blobDataOwner = subscriptionResourceId(roleType, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
var blobDataContributor = subscriptionResourceId(roleType, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
var blobDelegator = subscriptionResourceId(roleType, 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a')
var blobDataReader = subscriptionResourceId(roleType, '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1')
var queueDataContributor = subscriptionResourceId(roleType, '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
var tableDataContributor = subscriptionResourceId(roleType, '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
var serviceBusDataReceiver = subscriptionResourceId(roleType, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
var serviceBusDataSender = subscriptionResourceId(roleType, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
var monitoringMetricsPublisher = subscriptionResourceId(roleType, '3913510d-42f4-4e42-8a64-420c390055eb')

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource baseStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: baseStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource base 'containers' existing = {
      name: baseContainer
    }
  }
}

resource deltaStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: deltaStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource delta 'containers' existing = {
      name: deltaContainer
    }
    resource incoming 'containers' existing = {
      name: incomingContainer
    }
    resource quarantine 'containers' existing = {
      name: quarantineContainer
    }
    resource restored 'containers' existing = {
      name: restoredContainer
    }
  }
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName

  resource uploads 'queues' existing = {
    name: uploadsQueue
  }
  resource rehydrated 'queues' existing = {
    name: rehydratedQueue
  }
  resource outcomes 'topics' existing = {
    name: outcomesTopic
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// --- The app's own account -------------------------------------------------------------------

// The host keeps its keys, leases and timers' marks there and fetches the app's package; its
// documentation asks for the owner of blob data.
resource appHostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, appPrincipalId, blobDataOwner)
  properties: {
    roleDefinitionId: blobDataOwner
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The blob trigger queues the names of blobs there before it runs; Durable Functions in storage
// keep their work items there.
resource appHostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, appPrincipalId, queueDataContributor)
  properties: {
    roleDefinitionId: queueDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Durable Functions in storage keep histories and instances in tables. With the scheduler
// nothing needs them.
resource appHostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (durableInStorage) {
  scope: hostStorage
  name: guid(hostStorage.id, appPrincipalId, tableDataContributor)
  properties: {
    roleDefinitionId: tableDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// --- The machines' bytes ---------------------------------------------------------------------
// Contributor of blob data, not owner: it cannot delete a blob's previous versions, so that
// nothing the app does, or is made to do, takes back what versioning keeps.

// Manifests, base images: read, staged, committed, deleted after their grace.
resource appBase 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: baseStorage::blobs::base
  name: guid(baseStorage::blobs::base.id, appPrincipalId, blobDataContributor)
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Deltas and the copies of manifests: written, moved down the tiers, deleted when they expire.
resource appDelta 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage::blobs::delta
  name: guid(deltaStorage::blobs::delta.id, appPrincipalId, blobDataContributor)
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Uploads: read under the ETag first seen and removed once they are taken in. The documentation
// of the blob trigger asks for the owner on what it watches; this container holds nothing that
// is kept.
resource appIncoming 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage::blobs::incoming
  name: guid(deltaStorage::blobs::incoming.id, appPrincipalId, blobDataOwner)
  properties: {
    roleDefinitionId: blobDataOwner
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The HTTP API hands out an address under which a client uploads one file for a short time. It is
// signed with a key that the account gives for this role; what such an address allows is never
// more than what the app itself may do there.
resource appSigns 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage
  name: guid(deltaStorage.id, appPrincipalId, blobDelegator)
  properties: {
    roleDefinitionId: blobDelegator
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Uploads that cannot be used are put here, with the reason beside them.
resource appQuarantine 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage::blobs::quarantine
  name: guid(deltaStorage::blobs::quarantine.id, appPrincipalId, blobDataContributor)
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Restored disks are written here.
resource appRestored 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage::blobs::restored
  name: guid(deltaStorage::blobs::restored.id, appPrincipalId, blobDataContributor)
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The blob trigger writes the name of a blob that failed every time to a queue of the account
// that it watches. The service makes that queue when it is first needed, so no queue can be named.
resource appIncomingQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage
  name: guid(deltaStorage.id, appPrincipalId, queueDataContributor)
  properties: {
    roleDefinitionId: queueDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The tables of machines, versions and jobs, which the app makes and can make anew.
resource appTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deltaStorage
  name: guid(deltaStorage.id, appPrincipalId, tableDataContributor)
  properties: {
    roleDefinitionId: tableDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// --- Messages --------------------------------------------------------------------------------

// The queue's function takes uploads, and the dead-letter handler what could not be handled.
resource appReceives 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::uploads
  name: guid(serviceBus::uploads.id, appPrincipalId, serviceBusDataReceiver)
  properties: {
    roleDefinitionId: serviceBusDataReceiver
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The blob trigger and the timer put uploads on the queue.
resource appSendsUploads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::uploads
  name: guid(serviceBus::uploads.id, appPrincipalId, serviceBusDataSender)
  properties: {
    roleDefinitionId: serviceBusDataSender
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The queue's function tells jobs of blobs that came back from the archive.
resource appReceivesRehydrated 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::rehydrated
  name: guid(serviceBus::rehydrated.id, appPrincipalId, serviceBusDataReceiver)
  properties: {
    roleDefinitionId: serviceBusDataReceiver
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Event Grid puts them there, as the app's identity: the namespace takes no keys.
resource appSendsRehydrated 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::rehydrated
  name: guid(serviceBus::rehydrated.id, appPrincipalId, serviceBusDataSender)
  properties: {
    roleDefinitionId: serviceBusDataSender
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Outcomes are published; the app reads none of them.
resource appSendsOutcomes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus::outcomes
  name: guid(serviceBus::outcomes.id, appPrincipalId, serviceBusDataSender)
  properties: {
    roleDefinitionId: serviceBusDataSender
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// --- Telemetry -------------------------------------------------------------------------------

// Application Insights takes telemetry from identities alone, and this is the role it asks for.
resource appTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appPrincipalId, monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: monitoringMetricsPublisher
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// --- Whoever deploys -------------------------------------------------------------------------
// Not even an owner of the subscription reads blobs by that alone. Base images and deltas stay
// closed: versions are read through the app.

// Puts uploads, with azcopy or otherwise.
resource userIncoming 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(userPrincipalId)) {
  scope: deltaStorage::blobs::incoming
  name: guid(deltaStorage::blobs::incoming.id, userPrincipalId, blobDataContributor)
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: userPrincipalId
    principalType: userPrincipalType
  }
}

// Reads why an upload was refused.
resource userQuarantine 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(userPrincipalId)) {
  scope: deltaStorage::blobs::quarantine
  name: guid(deltaStorage::blobs::quarantine.id, userPrincipalId, blobDataReader)
  properties: {
    roleDefinitionId: blobDataReader
    principalId: userPrincipalId
    principalType: userPrincipalType
  }
}

// Fetches restored disks.
resource userRestored 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(userPrincipalId)) {
  scope: deltaStorage::blobs::restored
  name: guid(deltaStorage::blobs::restored.id, userPrincipalId, blobDataReader)
  properties: {
    roleDefinitionId: blobDataReader
    principalId: userPrincipalId
    principalType: userPrincipalType
  }
}
