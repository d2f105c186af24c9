#!/bin/sh
# Installs Debian's Chromium for the browser tests, and a font with every letter they draw.
# Safe to repeat. Needs root or sudo; says why when it cannot.
set -eu

if command -v chromium >/dev/null 2>&1; then
  echo "Chromium is here already: $(command -v chromium)"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Chromium was not installed: this system has no apt-get." >&2
  echo "Install Chromium as your system does, so that \`chromium\` is on the PATH." >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "Chromium was not installed: it needs root, or sudo without a password." >&2
  echo "As root, run: apt-get update && apt-get install -y chromium fonts-liberation" >&2
  exit 1
fi

echo "Installing Chromium from the system's packages"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends chromium fonts-liberation

command -v chromium >/dev/null 2>&1 || { echo "Chromium was installed but is not on the PATH." >&2; exit 1; }
echo "Chromium is ready: $(command -v chromium)"
