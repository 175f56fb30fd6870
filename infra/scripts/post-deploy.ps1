# Announces uploads to the app that was just deployed: deploys app/upload-subscription.bicep, which
# sends Event Grid's events of the incoming container to the app's blob trigger. Running it again
# changes nothing.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$needed = 'AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZURE_FUNCTION_APP_NAME',
    'UPLOAD_EVENTS_TOPIC', 'INCOMING_CONTAINER'
foreach ($name in $needed) {
    if (-not [Environment]::GetEnvironmentVariable($name)) {
        throw "$name is not set; run this through azd."
    }
}

$template = Join-Path $PSScriptRoot '../app/upload-subscription.bicep'
$attempts = 10
$waitSeconds = if ($env:POST_DEPLOY_WAIT_SECONDS) { [int]$env:POST_DEPLOY_WAIT_SECONDS } else { 30 }

# The first host that starts makes the key of the blob trigger, and the trigger must answer Event
# Grid before its address is accepted. Both take a minute or so after a deployment.
for ($attempt = 1; ; $attempt++) {
    az deployment group create `
        --subscription $env:AZURE_SUBSCRIPTION_ID `
        --resource-group $env:AZURE_RESOURCE_GROUP `
        --name upload-subscription `
        --template-file $template `
        --parameters `
            "functionAppName=$env:AZURE_FUNCTION_APP_NAME" `
            "functionName=UploadArrived" `
            "topicName=$env:UPLOAD_EVENTS_TOPIC" `
            "containerName=$env:INCOMING_CONTAINER" `
        --output none
    if ($LASTEXITCODE -eq 0) { break }
    if ($attempt -ge $attempts) {
        throw "Uploads are not announced to $env:AZURE_FUNCTION_APP_NAME. The app finds them by " +
            'its timer all the same, but late. To try again: azd hooks run postdeploy'
    }
    Write-Output "Not yet (attempt $attempt of $attempts); trying again in $waitSeconds s."
    Start-Sleep -Seconds $waitSeconds
}

Write-Output "Uploads to $env:INCOMING_CONTAINER are announced to $env:AZURE_FUNCTION_APP_NAME."
