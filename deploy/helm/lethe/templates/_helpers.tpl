{{- define "lethe.name" -}}
{{- if contains "lethe" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-lethe{{ end }}
{{- end }}

{{- define "lethe.selector" -}}
app.kubernetes.io/name: lethe
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "lethe.labels" -}}
{{ include "lethe.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "lethe.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{- define "lethe.keys.registry" }}{{ .Values.keys.secrets.registry | default (printf "%s-trust-registry" (include "lethe.name" .)) }}{{ end }}
{{- define "lethe.keys.connector" }}{{ .Values.keys.secrets.connector | default (printf "%s-trust-connector" (include "lethe.name" .)) }}{{ end }}
{{- define "lethe.keys.proxy" }}{{ .Values.keys.secrets.proxy | default (printf "%s-trust-proxy" (include "lethe.name" .)) }}{{ end }}
{{- define "lethe.keys.admin" }}{{ .Values.keys.secrets.admin | default (printf "%s-admin" (include "lethe.name" .)) }}{{ end }}

{{/* Of every pod. The user is that of the image. */}}
{{- define "lethe.podSecurity" -}}
automountServiceAccountToken: false
# Variables of Services, such as PROXY_PORT=tcp://..., would be read as settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "lethe.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The pod of a service. Takes root, component, port, env (YAML of further variables), files and volumes (YAML of more). */}}
{{- define "lethe.pod" -}}
{{- $root := .root }}
{{- $values := index $root.Values .component }}
metadata:
  labels:
    {{- include "lethe.labels" . | nindent 4 }}
  {{- with $values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "lethe.name" $root }}-{{ .component }}
  {{- include "lethe.podSecurity" $root | nindent 2 }}
  # Longer than preStop and the longest graceful end together.
  terminationGracePeriodSeconds: 45
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "lethe.selector" $ | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "lethe.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      workingDir: /lethe
      command: [/bin/sh, deploy/image/start.sh]
      securityContext:
        {{- include "lethe.containerSecurity" $root | nindent 8 }}
      env:
        - { name: APP, value: {{ .component }} }
        - { name: HOST, value: 0.0.0.0 }
        - { name: LETHE_HOME, value: /data }
        - { name: LETHE_TRUST, value: /trust }
        - name: NATS_URL
          valueFrom: { secretKeyRef: { name: {{ $values.natsUrl.secret }}, key: {{ $values.natsUrl.key }} } }
        {{- if ne .component "connector" }}
        {{- with $root.Values.publicUrl }}
        - { name: LETHE_PUBLIC_URL, value: {{ . | quote }} }
        {{- end }}
        {{- with $root.Values.registry.publicUrl }}
        - { name: LETHE_REGISTRY_PUBLIC_URL, value: {{ . | quote }} }
        {{- end }}
        {{- with $root.Values.trustedProxies }}
        - { name: LETHE_TRUSTED_PROXIES, value: {{ join "," . | quote }} }
        {{- end }}
        {{- end }}
        {{- with $root.Values.allowedUpstreams }}
        - { name: LETHE_ALLOWED_UPSTREAMS, value: {{ join "," . | quote }} }
        {{- end }}
        {{- if $root.Values.caBundle.configMap }}
        - { name: NODE_EXTRA_CA_CERTS, value: /ca/ca.crt }
        {{- end }}
        {{- with $root.Values.traces }}
        {{- if .endpoint }}
        - { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }} }
        - { name: OTEL_TRACES_SAMPLER, value: {{ .sampler }} }
        - { name: OTEL_TRACES_SAMPLER_ARG, value: {{ .samplerArg | quote }} }
        {{- if .headers.secret }}
        - name: OTEL_EXPORTER_OTLP_HEADERS
          valueFrom: { secretKeyRef: { name: {{ .headers.secret }}, key: {{ .headers.key }} } }
        {{- end }}
        {{- end }}
        {{- end }}
        {{- with .env }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- range $name, $value := $values.settings }}
        - { name: {{ $name }}, value: {{ $value | quote }} }
        {{- end }}
      ports:
        - { name: http, containerPort: {{ .port }} }
      # A start may wait for migrations, or for the bus.
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 2
        timeoutSeconds: 3
        failureThreshold: 150
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      lifecycle:
        # Requests still arrive until everyone knows that this pod ends; it serves them meanwhile.
        preStop: { sleep: { seconds: 8 } }
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - { name: trust, mountPath: /trust, readOnly: true }
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
        {{- if $root.Values.caBundle.configMap }}
        - { name: ca, mountPath: /ca, readOnly: true }
        {{- end }}
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
  volumes:
    - name: trust
      secret: { secretName: {{ include (printf "lethe.keys.%s" .component) $root }}, defaultMode: 0440 }
    - name: tmp
      emptyDir: { medium: Memory, sizeLimit: 64Mi }
    {{- if $root.Values.caBundle.configMap }}
    - name: ca
      configMap:
        name: {{ $root.Values.caBundle.configMap }}
        items: [{ key: {{ $root.Values.caBundle.key }}, path: ca.crt }]
    {{- end }}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Peers of a NetworkPolicy with a port. Nothing if there are no peers, because an empty list would let everyone pass. */}}
{{- define "lethe.to" -}}
{{- if .to }}
- to:
    {{- toYaml .to | nindent 4 }}
  ports:
    {{- range .ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- end }}

{{- define "lethe.from" -}}
{{- if .from }}
- from:
    {{- toYaml .from | nindent 4 }}
  ports:
    - { port: {{ .port }}, protocol: TCP }
{{- end }}
{{- end }}

{{- define "lethe.toDns" -}}
{{- with .Values.networkPolicy.dns }}
- to:
    {{- toYaml . | nindent 4 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}
{{- end }}

{{/* The host of a public URL, which a route needs. Takes url and value, the name of the value. */}}
{{- define "lethe.host" -}}
{{- if not .url }}{{ fail (printf "%s: required with an Ingress or an HTTPRoute" .value) }}{{ end }}
{{- (urlParse .url).host | splitList ":" | first }}
{{- end }}

{{/* Objects that exist while the keys are made. Nothing that may create Secrets stays behind. */}}
{{- define "lethe.hook" -}}
annotations:
  helm.sh/hook: pre-install,pre-upgrade
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
