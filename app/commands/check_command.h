// `poolscope check`: one look at a running Poolscope as a monitoring plugin (Nagios, Icinga, Zabbix …).
#pragma once

#include <QStringList>

namespace app {

// Prints one line with performance data; the exit code is the plugin's: 0 OK, 1 warning, 2 critical, 3
// unknown (nobody answers, wrong use).
int runCheck(const QStringList& arguments);

} // namespace app
