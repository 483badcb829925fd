// The section as it is explained to people.
#include "monitor/notify/notifier.h"
#include "monitor/notify/setup_file.h"

#include <fmt/format.h>

namespace notify {

std::string notifyConfigText()
{
    std::string text = R"(
# Who is told when an alert fires, rises or resolves. Secrets never stand here: secret:NAME is a line of secrets.yml in the
# data folder (chmod 600), keyring:NAME lies in the desktop's key ring, env:NAME is a variable of the environment.
#notify:
#  secrets: auto                              # typed into the window: into the key ring if there is one; or file
#  external_url: http://console.example:8000  # for links; default: the endpoint's address
#  sound: off                                 # in the window: once, or repeat until acknowledged
#  channels:
#    - name: ops                # letters, digits, - and _
#      kind: email              # or another one of the list below, each with settings of its own
#      host: mail.example
#      from: Pool <pool@example.com>
#      to: [ops@example.com]
#      enabled: yes
#      group_by: [alertname]    # alerts alike in these labels share a message; "..." = each alone
#      group_wait: 30s          # for others to join a new group
#      group_interval: 5m       # between two messages about a group that changed
#      repeat_interval: 4h      # about one that did not; default: when the rule says so
#      min_severity: info       # info, warning or critical
#      send_resolved: yes
#      quiet_hours: {from: "22:00", to: "07:00", passes: critical}  # local time
#      per_minute: 20           # messages at most; default: as the kind bears
#      deadline: 1h             # after that a message that cannot be delivered is given up
#      title_template: '[{{ .Status }}] {{ .Names }}'
#      text_template: '{{ range .Alerts }}{{ .Labels.alertname }}: {{ .Summary }}{{ end }}'
)";
    for (const NotifierKind& kind : notifierKinds()) {
        text += fmt::format("#      # kind {} ({}):\n", kind.kind.name, kind.kind.title.english);
        for (const metrics::ChannelSetting& setting : kind.kind.settings) {
            const bool secret = setting.kind == metrics::SettingKind::Secret;
            text += fmt::format("#      #   {}: {}{}# {}{}\n", setting.name,
                                secret ? "secret:NAME" : setting.fallback,
                                secret || !setting.fallback.empty() ? "  " : "", setting.hint.english,
                                setting.required ? " (required)" : "");
        }
    }
    return text;
}

} // namespace notify
