#include "tests/targets/peers/peer.h"

#include "tests/support/http_client.h"

#include <QDeadlineTimer>
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

void begin(QProcess& process, const PeerStart& start)
{
    prepare(process);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& entry : start.environment) {
        environment.insert(entry.section('=', 0, 0), entry.section('=', 1));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(start.folder);
    process.start(start.program, start.arguments);
}

targets::TargetSpec specOf(const std::string& url)
{
    targets::TargetSpec spec;
    spec.url = url;
    spec.name = "peer";
    return spec;
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
    begin(m_process, start);
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
    return specOf(fmt::format("http://127.0.0.1:{}{}", m_page, path));
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

Program::Program(const PeerStart& start)
    : m_program(start.program)
{
    begin(m_process, start);
}

Program::~Program()
{
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray Program::said()
{
    m_said += m_process.readAll();
    return m_said;
}

QString Program::whenUp(const targets::TargetSpec& spec,
                        const std::function<bool(const targets::Scrape&)>& well)
{
    if (!m_process.waitForStarted()) {
        return m_program + " is missing: " + m_process.errorString();
    }
    std::string error;
    for (QDeadlineTimer patience(kStartMillis); !patience.hasExpired();) {
        const targets::Scrape scrape = targets::scrapeOnce(spec, mappings());
        if (scrape.error.empty() && (!well || well(scrape))) {
            return {};
        }
        error = scrape.error;
        if (m_process.waitForFinished(200)) { // else it is asked again
            return QString("%1 has ended: %2").arg(m_program, QString::fromUtf8(said()));
        }
    }
    return QString("%1: %2\n%3").arg(m_program, QString::fromStdString(error), QString::fromUtf8(said()));
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
