#!/bin/sh
# Installs the programs that the tests drive, where they are missing: node, Chromium, LibreOffice Calc, Poppler.
set -eu

missing=""
command -v node >/dev/null || missing="$missing nodejs"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v soffice >/dev/null || missing="$missing libreoffice-calc"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "The tests need these programs:$missing. Install them and try again." >&2
    exit 1
fi
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
