#!/bin/sh
# Announces uploads to the app that was just deployed: deploys app/upload-subscription.bicep, which
# sends Event Grid's events of the incoming container to the app's blob trigger. Running it again
# changes nothing.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set; run this through azd}"
: "${AZURE_RESOURCE_GROUP:?is not set; run this through azd}"
: "${AZURE_FUNCTION_APP_NAME:?is not set; run this through azd}"
: "${UPLOAD_EVENTS_TOPIC:?is not set; run this through azd}"
: "${INCOMING_CONTAINER:?is not set; run this through azd}"

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
attempts=10
wait_seconds=${POST_DEPLOY_WAIT_SECONDS:-30}

# The first host that starts makes the key of the blob trigger, and the trigger must answer Event
# Grid before its address is accepted. Both take a minute or so after a deployment.
attempt=1
until az deployment group create \
  --subscription "$AZURE_SUBSCRIPTION_ID" \
  --resource-group "$AZURE_RESOURCE_GROUP" \
  --name upload-subscription \
  --template-file "$here/../app/upload-subscription.bicep" \
  --parameters \
    "functionAppName=$AZURE_FUNCTION_APP_NAME" \
    "functionName=UploadArrived" \
    "topicName=$UPLOAD_EVENTS_TOPIC" \
    "containerName=$INCOMING_CONTAINER" \
  --output none; do
  if [ "$attempt" -ge "$attempts" ]; then
    echo "Uploads are not announced to $AZURE_FUNCTION_APP_NAME. The app finds them by its timer" >&2
    echo "all the same, but late. To try again: azd hooks run postdeploy" >&2
    exit 1
  fi
  echo "Not yet (attempt $attempt of $attempts); trying again in $wait_seconds s."
  attempt=$((attempt + 1))
  sleep "$wait_seconds"
done

echo "Uploads to $INCOMING_CONTAINER are announced to $AZURE_FUNCTION_APP_NAME."
