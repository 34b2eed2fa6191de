# Installs the packages named as arguments, as root, with their services not started: while it runs, the
# policy that Debian asks before it starts a service forbids it. See invoke-rc.d(8).
set -eu
policy=${POLICY:-/usr/sbin/policy-rc.d}

restore() {
	rm -f "$policy"
	if [ -e "$policy.kept" ]; then mv "$policy.kept" "$policy"; fi
}
if [ -e "$policy.kept" ]; then restore; fi # a former run was killed
if [ -e "$policy" ]; then mv "$policy" "$policy.kept"; fi
trap restore EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update
apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "$@"
