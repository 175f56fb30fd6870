// The plan and the Functions app, with every setting that the app reads.

param location string
param tags object
param planName string
param appName string

@description('The name of the service in azure.yaml, by which azd finds where to deploy.')
param serviceName string

@description('The identity that the app acts as.')
param identityId string
param identityClientId string

param hostStorageName string
param packageUrl string

param baseBlobUrl string
param deltaBlobUrl string
param tablesUrl string
param incomingBlobUrl string
param incomingQueueUrl string

@description('auto stores each new machine against the one that it is most like.')
@allowed(['auto', 'none'])
param likeMachines string

param serviceBusHostName string
param insightsConnectionString string

@description('The endpoint of Durable Task Scheduler; empty where storage keeps the histories.')
param schedulerEndpoint string
param taskHubName string

@allowed([2048, 4096])
param instanceMemoryMB int
param maximumInstances int
param httpConcurrency int

// Every name ends up as an environment variable of the app; infra/README.md has them as a table.
// No value is a secret: whoever reads them still needs the identity.
var settings = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId

  // The blob trigger: the queue service is where it puts the names of blobs it gave up on.
  Incoming__blobServiceUri: incomingBlobUrl
  Incoming__queueServiceUri: incomingQueueUrl
  Incoming__credential: 'managedidentity'
  Incoming__clientId: identityClientId

  ServiceBus__fullyQualifiedNamespace: serviceBusHostName
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId

  SNAPSHOTS_BASE_URI: baseBlobUrl
  SNAPSHOTS_DELTA_URI: deltaBlobUrl
  SNAPSHOTS_INCOMING_URI: incomingBlobUrl
  SNAPSHOTS_TABLES_URI: tablesUrl
  SNAPSHOTS_LIKE: likeMachines

  // An app may have several identities; this tells the SDK which one is meant.
  AZURE_CLIENT_ID: identityClientId

  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var schedulerSettings = {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
  TASKHUB_NAME: taskHubName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    // Means Linux, the only system of this plan.
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        // No instance waits: a night without uploads costs nothing. The first call after it waits
        // some seconds for a cold start.
        alwaysReady: []
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, empty(schedulerEndpoint) ? {} : schedulerSettings)
  }

  // Deployment is by identity; the app's publishing password is of no use.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output appName string = app.name
output appUrl string = 'https://${app.properties.defaultHostName}'
