#!/bin/sh
# Builds helm, and with `all` kube-apiserver, kubectl and kine, from their Go modules; brings the definitions of HTTPRoute
# and ServiceMonitor from theirs. Once: prints the folder that keeps them. Needs Go and 5 GB of disk; takes ten minutes of two
# cores.
set -eu
HELM=v4.3.1
KUBERNETES=v1.37.2
KINE=v0.17.5
GATEWAY_API=v1.6.3
PROMETHEUS_OPERATOR=v0.85.0
tools=${LETHE_KUBERNETES_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/lethe-kubernetes}/$HELM-$KUBERNETES-$KINE
mkdir -p "$tools"
export GOFLAGS="-mod=mod -trimpath"
# Kubernetes' own build writes its version so; helm compares it with the kubeVersion of a chart.
stamp=k8s.io/component-base/version
minor=${KUBERNETES#v1.}
version="-X $stamp.gitVersion=$KUBERNETES -X $stamp.gitMajor=1 -X $stamp.gitMinor=${minor%%.*}"

# build <binary> <package> <module@version>: a module for each, so that none decides the dependencies of another.
build() {
  [ ! -x "$tools/$1" ] || return 0
  echo "Building $1 ($3)" >&2
  work=$(mktemp -d)
  (
    cd "$work"
    go mod init lethe.invalid/tools 2>/dev/null
    case "$2" in k8s.io/kubernetes/*) staging ;; esac
    go get "$3" 2>/dev/null
    go build -ldflags "$version" -o "$tools/$1.new" "$2" >&2
  )
  mv "$tools/$1.new" "$tools/$1"
  rm -rf "$work"
}

# Kubernetes is many modules in one repository. Its own go.mod refers to the others by path, and gives no version.
staging() {
  file=$(go mod download -json "k8s.io/kubernetes@$KUBERNETES" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  awk '$1 ~ /^k8s\.io\// && $2 == "v0.0.0" { print $1 }' "$file" | while read -r module; do
    go mod edit -replace "$module=$module@v0${KUBERNETES#v1}"
  done
}

# definition <file> <module@version> <path in the module>
definition() {
  [ ! -f "$tools/$1" ] || return 0
  cp "$(go mod download -json "$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/$3" "$tools/$1"
}

build helm helm.sh/helm/v4/cmd/helm "helm.sh/helm/v4@$HELM"
if [ "${1:-all}" = all ]; then
  definition httproutes.yaml "sigs.k8s.io/gateway-api@$GATEWAY_API" \
    config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
  definition servicemonitors.yaml "github.com/prometheus-operator/prometheus-operator@$PROMETHEUS_OPERATOR" \
    example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml
  build kine github.com/k3s-io/kine "github.com/k3s-io/kine@$KINE"
  build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "k8s.io/kubernetes@$KUBERNETES"
  build kubectl k8s.io/kubernetes/cmd/kubectl "k8s.io/kubernetes@$KUBERNETES"
fi
echo "$tools"
