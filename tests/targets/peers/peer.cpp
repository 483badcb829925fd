#include "tests/targets/peers/peer.h"

#include "tests/support/http_client.h"

#include <QProcessEnvironment>
#include <QTcpServer>

#include <cmath>
#include <csignal>
#include <sstream>
#include <sys/prctl.h>

#include <fmt/format.h>

namespace peers {

namespace {

constexpr int kStartMillis = 60'000;  // a virtual machine on a busy machine
constexpr double kSecondsApart = 0.5; // both measure the same leases, each for itself

} // namespace

void prepare(QProcess& process)
{
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

std::uint16_t freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : std::uint16_t(0);
}

const std::vector<targets::Mapping>& mappings()
{
    static const targets::MappingCatalog all = targets::loadMappings({});
    return all.mappings;
}

Peer::Peer(const PeerStart& start)
{
    prepare(m_process);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& entry : start.environment) {
        environment.insert(entry.section('=', 0, 0), entry.section('=', 1));
    }
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(start.folder);
    m_process.start(start.program, start.arguments);
    QString said;
    while (m_process.state() != QProcess::NotRunning && m_process.waitForReadyRead(kStartMillis)) {
        while (m_process.canReadLine()) {
            const QString line = QString::fromUtf8(m_process.readLine());
            const QStringList words = line.trimmed().split(' ');
            if (words.size() == 3 && words[0] == "ports") {
                m_page = words[1].toUShort();
                m_control = words[2].toUShort();
                return;
            }
            said += line;
        }
    }
    m_trouble = start.program + ": " + m_process.errorString() + '\n' + said;
}

Peer::~Peer()
{
    m_process.kill(); // what it could still say is of no use
    m_process.waitForFinished();
}

targets::TargetSpec Peer::spec(const std::string& path) const
{
    targets::TargetSpec spec;
    spec.url = fmt::format("http://127.0.0.1:{}{}", m_page, path);
    spec.name = "peer";
    return spec;
}

void Peer::hold(int callers) const
{
    static_cast<void>(told(fmt::format("/hold?count={}", callers)));
}

void Peer::release() const
{
    static_cast<void>(told("/release"));
}

Truth Peer::truth() const
{
    return told("/truth");
}

Truth Peer::told(const std::string& path) const
{
    support::HttpCall call;
    call.port = m_control;
    call.path = path;
    call.timeout = std::chrono::seconds(20);
    std::istringstream lines(support::httpCall(call).body);
    Truth truth;
    std::string name;
    double value = 0;
    while (lines >> name >> value) {
        truth[name] = value;
    }
    return truth;
}

QString differences(const targets::PoolFigures& pool, const Truth& truth, const QString& known)
{
    const QStringList wanted = known.split(' ');
    QString wrong;
    for (std::size_t i = 0; i < targets::kFigures; ++i) {
        const std::string name(targets::nameOf(static_cast<targets::Figure>(i)));
        const double is = pool.values[i];
        const auto should = truth.find(name);
        if (!wanted.contains(QString::fromStdString(name))) {
            if (!std::isnan(is)) {
                wrong += QString::fromStdString(fmt::format("{} is {} and should be unknown; ", name, is));
            }
        } else if (should == truth.end() || std::isnan(is) ||
                   std::abs(is - should->second) > (name.ends_with("_seconds") ? kSecondsApart : 0)) {
            wrong += QString::fromStdString(
                fmt::format("{} is {}, true is {}; ", name, is, should == truth.end() ? -1 : should->second));
        }
    }
    return wrong;
}

} // namespace peers
