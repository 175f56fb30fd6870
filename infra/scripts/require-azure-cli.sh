#!/bin/sh
# Ends with a message unless the Azure CLI is there and signed in to the subscription. Run before
# the app is deployed, so that a deployment is not left without its uploads being announced to it.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?is not set; run this through azd}"

if ! command -v az >/dev/null 2>&1; then
  echo "The Azure CLI (az) is not installed, and what follows the deployment needs it:" >&2
  echo "https://learn.microsoft.com/cli/azure/install-azure-cli" >&2
  exit 1
fi

if ! az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none 2>/dev/null; then
  echo "The Azure CLI is not signed in to subscription $AZURE_SUBSCRIPTION_ID: az login" >&2
  exit 1
fi
