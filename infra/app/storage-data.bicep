// An account for the machines' bytes. Used once, or twice when base images and deltas are to lie
// in two accounts.

param location string
param tags object
param name string

@description('Redundancy of the account. The ZRS kinds know no Archive tier.')
param redundancy string

@description('The containers to make.')
param containers string[]

@description('Days a deleted or overwritten blob can be brought back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('''
Days after which a previous version of a blob is deleted; 0 keeps no versions. Counted from the
day the version was written, not from the day it was replaced.
''')
@minValue(0)
param versionDays int

var versioned = versionDays > 0

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    // Where a blob names no tier of its own. Which blob goes down the tiers is the app's to say.
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Nobody copies a machine's disks into another tenant by a replication rule.
    allowCrossTenantReplication: false
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    // Versioning is an account's property: in one account it holds for deltas too.
    isVersioningEnabled: versioned
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
      // What is within its retention cannot be destroyed early, not even by an owner of the data.
      allowPermanentDelete: false
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
  }
}

resource made 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in containers: {
    parent: blobs
    name: container
  }
]

// The only rule there is, and it is about previous versions alone. A rule that moved or deleted
// current blobs would do behind the manifests' back what the app does by plan: indexes must stay
// Hot, and a delta is deleted only once no manifest, reader or clone needs it. Versions are never
// tiered: a version that has a tier of its own is billed whole, not by what changed.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = if (versioned) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-previous-versions'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: versionDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

output id string = account.id
output name string = account.name
output blobUrl string = account.properties.primaryEndpoints.blob
output queueUrl string = account.properties.primaryEndpoints.queue
output tableUrl string = account.properties.primaryEndpoints.table
