#!/usr/bin/env bash
# Stores 100 files of 10 MB in a running desk, 10 with each of 10 comments, reads each at its page address and in the feed, and prints
# the peak of the resident memory of the process. The desk must be open (ACCESS=open) and have the default limits:
#
#   SupportTickets.Tests/Benchmarks/attachments.sh http://localhost:8000 PID
set -euo pipefail
base=$1 pid=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
peak() { awk '/VmHWM/ { printf "%s: peak %d MB resident\n", "'"$1"'", $2 / 1024 }' "/proc/$pid/status"; }
peak "before"

started=$(date +%s)
for ticket in $(seq 10); do
  id=$(curl -fsS -H 'Content-Type: application/json' -d '{"title":"Files","description":"Files","category":"general","priority":"low"}' \
    "$base/api/tickets/" | grep -o '"id":[0-9]*' | cut -d: -f2)
  curl -fsS -c "$work/cookies" -b "$work/cookies" "$base/tickets/$id" > "$work/page"
  token=$(grep -o 'name="__RequestVerificationToken" type="hidden" value="[^"]*"' "$work/page" | head -1 | sed 's/.*value="//; s/"$//')
  uploads=()
  for file in $(seq 10); do
    head -c 10485760 /dev/urandom > "$work/file"
    sha256sum < "$work/file" | cut -d' ' -f1 >> "$work/sums"
    upload=$(curl -fsS -b "$work/cookies" -H "RequestVerificationToken: $token" -H 'Content-Type: application/octet-stream' \
      --data-binary "@$work/file" "$base/tickets/$id/files?name=file-$file.bin" | sed 's/.*"upload":"//; s/".*//')
    uploads+=(--data-urlencode "upload=$upload")
  done
  curl -fsS -o /dev/null -b "$work/cookies" --data-urlencode "__RequestVerificationToken=$token" --data-urlencode "body=Files" \
    "${uploads[@]}" "$base/tickets/$id?handler=Comment"
done
peak "stored in $(($(date +%s) - started)) s"

started=$(date +%s)
curl -fsS "$base/odata/Attachments?\$select=Id&\$orderby=Id%20desc&\$top=100" | grep -o '"Id":[0-9]*' | cut -d: -f2 | sort -n > "$work/ids"
while read -r id; do
  curl -fsS "$base/attachments/$id" | sha256sum | cut -d' ' -f1 >> "$work/read"
  curl -fsS "$base/odata/Attachments($id)/\$value" | sha256sum | cut -d' ' -f1 >> "$work/read-feed"
done < "$work/ids"
peak "read twice in $(($(date +%s) - started)) s"
cmp "$work/sums" "$work/read"
cmp "$work/sums" "$work/read-feed"
echo "$(wc -l < "$work/sums") files came out as they went in"
