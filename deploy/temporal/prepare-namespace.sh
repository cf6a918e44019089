#!/bin/sh
# Makes sure that the namespace exists and knows Sightline's search attributes. Repeating it changes nothing.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the `temporal` program itself.
set -eu
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}"

attempts=60
until temporal operator cluster health >/dev/null 2>&1; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "Temporal does not answer on $TEMPORAL_ADDRESS" >&2
    exit 1
  fi
  sleep 1
done

if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${RETENTION:-168h}"
fi

# A new namespace is known to all parts of the server a few seconds later.
attempts=60
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2>&1); do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "$known" >&2
    exit 1
  fi
  sleep 1
done

while read -r name type; do
  case "$known" in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "$type" </dev/null ;;
  esac
done <<ATTRIBUTES
SightlineRun Keyword
SightlineState Keyword
SightlineDone Int
SightlineFailed Int
SightlineSpentUsd Double
ATTRIBUTES
echo "Namespace $TEMPORAL_NAMESPACE is ready."
