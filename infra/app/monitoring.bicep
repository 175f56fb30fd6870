// Where the app's logs, requests and failures go, and what the log alerts ask.

param location string
param tags object
param workspaceName string
param componentName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    // The first 31 days cost nothing beyond what is taken in.
    retentionInDays: 30
    // A bound on what a loop that logs can cost. Past it the rest of the day's logs are dropped,
    // and the log alerts are blind until the next day.
    workspaceCapping: {
      dailyQuotaGb: 5
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // Telemetry is taken from identities only: the connection string then holds no secret.
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output componentName string = component.name
output connectionString string = component.properties.ConnectionString
