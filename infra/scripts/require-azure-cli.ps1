# Ends with a message unless the Azure CLI is there and signed in to the subscription. Run before
# the app is deployed, so that a deployment is not left without its uploads being announced to it.
$ErrorActionPreference = 'Stop'

if (-not $env:AZURE_SUBSCRIPTION_ID) {
    throw 'AZURE_SUBSCRIPTION_ID is not set; run this through azd.'
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    throw 'The Azure CLI (az) is not installed, and what follows the deployment needs it: ' +
        'https://learn.microsoft.com/cli/azure/install-azure-cli'
}

az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none 2>$null
if ($LASTEXITCODE -ne 0) {
    throw "The Azure CLI is not signed in to subscription $env:AZURE_SUBSCRIPTION_ID: az login"
}
