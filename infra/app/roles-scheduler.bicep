// Who may use Durable Task Scheduler; apart from the other roles, because it need not exist.

param schedulerName string
param taskHubName string

@description('The object id of the identity that the app acts as.')
param appPrincipalId string

var roleType = 'Microsoft.Authorization/roleDefinitions'
var durableTaskDataContributor = subscriptionResourceId(roleType, '0ad04412-c4d5-4796-b79c-f76d14c8d402')

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = {
  name: schedulerName

  resource taskHub 'taskHubs' existing = {
    name: taskHubName
  }
}

// The app starts, runs, queries and cancels flows. The worker's role alone could not do the
// first and the last two.
resource appFlows 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler::taskHub
  name: guid(scheduler::taskHub.id, appPrincipalId, durableTaskDataContributor)
  properties: {
    roleDefinitionId: durableTaskDataContributor
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}
