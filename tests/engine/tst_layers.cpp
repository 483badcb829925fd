// A layer that fails: a Prometheus that is asked, the server samples are pushed to, an Alertmanager; each in
// every way there is. A banner names the layer and why, what is local goes on, credentials go nowhere else,
// and nothing is told twice when it is over.
#include "monitor/engine/cluster_keeper.h"
#include "monitor/engine/source_keeper.h"
#include "monitor/promql/querier.h"
#include "tests/support/certificate_cases.h"
#include "tests/support/http_catcher.h"
#include "tests/support/tls_front.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <set>
#include <string>

using namespace std::chrono_literals;
using support::CatcherAnswer;
using support::CaughtRequest;
using support::HttpCatcher;
using Do = CatcherAnswer::Do;

namespace {

constexpr int kPatience = 30'000; // ms
constexpr const char* kSecret = "canary-secret";

struct Fault {
    const char* name;
    std::function<CatcherAnswer(const CaughtRequest&, const HttpCatcher& elsewhere)> how = {};
    QString reason = {};               // a regular expression; empty: all is well
    const char* url = nullptr;         // instead of the server's
    const char* certificate = nullptr; // of support::kCertificateCases
};

CatcherAnswer saying(int status, std::string headers, std::string body)
{
    CatcherAnswer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.body = std::move(body);
    return answer;
}

bool isWrite(const CaughtRequest& request)
{
    return request.path.find("/write") != std::string::npos;
}

// As all three servers in one would.
CatcherAnswer wellAnswer(const CaughtRequest& request)
{
    const auto asks = [&request](const char* what) { return request.path.find(what) != std::string::npos; };
    return asks("/write") ? saying(204, {}, {})
           : asks("/api/v2/status")
               ? saying(200, {}, R"({"cluster":{"status":"disabled","peers":[]},"versionInfo":{}})")
           : asks("/api/v2/silences") && request.method == "POST" ? saying(200, {}, R"({"silenceID":"one"})")
           : asks("/api/v2/")                                     ? saying(200, {}, "[]")
           : asks("/api/v1/rules")   ? saying(200, {}, R"({"status":"success","data":{"groups":[]}})")
           : asks("/api/v1/targets") ? saying(200, {}, R"({"status":"success","data":{"activeTargets":[]}})")
                                     : saying(200, {}, R"({"status":"success","data":{"version":"2.42.0"}})");
}

const std::vector<Fault>& faults()
{
    const auto says = [](int status, std::string headers, std::string body) {
        return [=](const CaughtRequest&, const HttpCatcher&) { return saying(status, headers, body); };
    };
    const auto half = [](const CaughtRequest& request, const HttpCatcher&) {
        CatcherAnswer answer = wellAnswer(request);
        answer.status = 200;
        answer.act = Do::Half;
        answer.body += isWrite(request) ? "and so on" : "";
        return answer;
    };
    const auto moved = [](const CaughtRequest&, const HttpCatcher& elsewhere) {
        return saying(307, "Location: " + elsewhere.url("/stolen") + "\r\n", {});
    };
    static const std::vector<Fault> all{
        {"away", {}, "onnect to", "http://127.0.0.1:1"},
        {"no such name", {}, "resolve host|Timeout", "http://nowhere.invalid"},
        {"too many requests", says(429, "Retry-After: 1\r\n", "slow down"), "HTTP 429"},
        {"unavailable", says(503, {}, {}), "HTTP 503"},
        {"half an answer", half, "receiving data|artial|ransfer closed|Recv failure"},
        {"broken packing", says(200, "Content-Encoding: gzip\r\n", "no gzip at all"), "ncoding|no Alertmanager's"},
        {"sent elsewhere", moved, "not followed"},
        {"expired", {}, "certificate has expired", nullptr, "expired"},
        {"for another host", {}, "certificate.*subject name", nullptr, "for another"},
        {"of a stranger", {}, "certificate.*(issuer|self.signed)", nullptr, "of a stranger"},
        {"of its own authority", {}, {}, nullptr, "sound"},
    };
    return all;
}

const support::CertificateCase& certificateOf(const char* name)
{
    return *std::find_if(
        support::kCertificateCases.begin(), support::kCertificateCases.end(),
        [name](const support::CertificateCase& one) { return std::string_view(one.name) == name; });
}

// A console's outer layers, all of which lead to one server that is ill as long as it is told to be.
class Layers {
public:
    explicit Layers(const Fault& fault)
        : m_fault(fault)
    {
        m_server.answerTo([this](const CaughtRequest& request) {
            return m_ill && m_fault.how ? m_fault.how(request, m_elsewhere) : wellAnswer(request);
        });
        if (fault.certificate != nullptr) {
            const support::CertificateCase& shown = certificateOf(fault.certificate);
            m_front.emplace(
                support::TlsFrontOptions{m_server.port(), m_authority.issue(support::wishOf(shown))});
            m_ca = (shown.trusted ? m_authority : m_stranger).file();
        }
        write("secrets.yml", std::string("am: ") + kSecret + '\n');
        write("token", kSecret);
        prometheus::ServerSpec server;
        server.url = fault.url != nullptr ? fault.url : m_front ? m_front->url("") : m_server.url("");
        server.name = "central";
        server.bearerFile = m_folder.filePath("token").toStdString();
        server.caFile = m_ca;
        server.timeout = 5s;
        server.watch = 1s;
        prometheus::RemoteWriteSpec push{server, {}, 1000, 1ms};
        push.endpoint.url += "/api/v1/write";
        push.endpoint.name = "pushed-to";
        m_sources.setServers({server});
        m_sources.setRemoteWrite(push);
        m_sources.start();
        cluster::Spec spec;
        spec.peers = {server.url};
        spec.token = "secret:am";
        spec.caFile = m_ca.string();
        spec.interval = 200ms;
        m_cluster.watch(spec);
    }
    ~Layers() { m_sources.stop(); }

    // What a tick does; the newest banners.
    std::vector<metrics::Banner> tick(core::Lang lang = core::Lang::English)
    {
        const std::int64_t now = core::epochMillis(core::SystemClock::instance().wallNow());
        if (now > m_lastAt) {
            m_head.append(
                now, std::vector<series::NamedSample>{{{{"__name__", "local_value"}}, double(++m_ticks)}});
            m_lastAt = now;
            m_sources.onTick(m_head);
        }
        m_sources.tell(m_banners, lang);
        m_cluster.tell(m_banners, lang);
        return m_banners.all();
    }
    [[nodiscard]] double localValue() const
    {
        const auto answer = m_language.instant("local_value", m_lastAt);
        return answer && answer->size() == 1 ? answer->front().points.at(0).value : -1;
    }
    void heal() { m_ill = false; }
    [[nodiscard]] int ticks() const { return m_ticks; }
    [[nodiscard]] const HttpCatcher& elsewhere() const { return m_elsewhere; }
    [[nodiscard]] const HttpCatcher& server() const { return m_server; }
    [[nodiscard]] prometheus::RemoteWriteFigures figures() const
    {
        return m_sources.figures().value_or(prometheus::RemoteWriteFigures());
    }
    [[nodiscard]] core::Result<cluster::Told> silence() const
    {
        metrics::SilenceRow row;
        row.matchers = {{"alertname", "A", false, true}};
        row.startsAt = core::SystemClock::instance().wallNow();
        row.endsAt = row.startsAt + 1h;
        row.createdBy = "ann";
        row.comment = "quiet";
        auto outcome = std::make_shared<std::promise<core::Result<cluster::Told>>>();
        m_cluster.silence(row,
                          [outcome](const core::Result<cluster::Told>& told) { outcome->set_value(told); });
        return outcome->get_future().get();
    }

private:
    void write(const char* name, const std::string& text) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text.data(), qint64(text.size())) > 0);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    const Fault& m_fault;
    const QTemporaryDir m_folder;
    std::atomic<bool> m_ill = true;
    support::Authority m_authority;
    support::Authority m_stranger;
    std::filesystem::path m_ca;
    HttpCatcher m_elsewhere;
    HttpCatcher m_server;
    std::optional<support::TlsFront> m_front;
    series::Head m_head;
    promql::Querier m_language{m_head};
    engine::BannerBoard m_banners{core::SystemClock::instance()};
    engine::SourceKeeper m_sources{{}, std::nullopt, m_language};
    engine::ClusterKeeper m_cluster{m_folder.path().toStdString(), engine::ClusterKeeper::Ring::NotUsed};
    std::int64_t m_lastAt = 0;
    int m_ticks = 0;
};

// The banner whose id begins so; an empty one when there is none.
metrics::Banner bannerOf(const std::vector<metrics::Banner>& banners, std::string_view id)
{
    for (const metrics::Banner& banner : banners) {
        if (banner.id.starts_with(id)) {
            return banner;
        }
    }
    return {};
}

// The writes the server took, each of which is another.
bool tookEachOnce(const HttpCatcher& server, std::size_t from)
{
    std::set<std::string> bodies;
    std::size_t writes = 0;
    const auto requests = server.requests();
    for (std::size_t i = from; i < requests.size(); ++i) {
        if (isWrite(requests[i])) {
            ++writes;
            bodies.insert(requests[i].body);
        }
    }
    return writes > 0 && writes == bodies.size();
}

} // namespace

class LayersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    // What is acknowledged at an Alertmanager is on disk before it is called done; a disk that takes nothing is told,
    // and tried again.
    void whatIsAcknowledgedOutlastsTheProgram()
    {
        HttpCatcher server;
        server.answerTo(wellAnswer);
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("owed_silences.json"));
        cluster::Spec spec;
        spec.peers = {server.url("")};
        spec.interval = 200ms;
        engine::BannerBoard board{core::SystemClock::instance()};
        const auto said = [](const auto& say) {
            auto outcome = std::make_shared<std::promise<core::Result<cluster::Told>>>();
            say([outcome](const core::Result<cluster::Told>& told) { outcome->set_value(told); });
            return outcome->get_future().get();
        };
        const auto kept = [&file] {
            QFile book(file);
            return book.open(QIODevice::ReadOnly) ? book.readAll() : QByteArray();
        };
        {
            QVERIFY(QDir().mkpath(file + QStringLiteral("/in the way")));
            engine::ClusterKeeper keeper(folder.path().toStdString(), engine::ClusterKeeper::Ring::NotUsed);
            keeper.watch(spec);
            const auto acked = said([&](auto done) { keeper.acknowledge({{{"alertname", "A"}}, "ann", "on it"}, done); });
            QVERIFY2(acked, acked ? "" : acked.error().message.c_str());
            const auto banner = [&] {
                keeper.tell(board, core::Lang::English);
                return bannerOf(board.all(), "alertmanager_owed").text;
            };
            QTRY_VERIFY_WITH_TIMEOUT(!banner().empty(), kPatience);
            QVERIFY2(banner().find("cannot be kept") != std::string::npos, banner().c_str());
            QVERIFY(QDir(file).removeRecursively());
            QTRY_VERIFY_WITH_TIMEOUT(banner().empty(), kPatience);
            QVERIFY(kept().contains("on it"));
        }
        engine::ClusterKeeper keeper(folder.path().toStdString(), engine::ClusterKeeper::Ring::NotUsed);
        keeper.watch(spec);
        const auto withdrawn = said([&](auto done) { keeper.withdraw({{"alertname", "A"}}, done); });
        QVERIFY2(withdrawn, withdrawn ? "" : withdrawn.error().message.c_str()); // it was still known
        QVERIFY(!kept().contains("on it"));
    }

    void aLayerThatFailsIsNamedAndTheRestGoesOn_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const Fault& fault : faults()) {
            QTest::newRow(fault.name) << which++;
        }
    }
    void aLayerThatFailsIsNamedAndTheRestGoesOn()
    {
        QFETCH(int, which);
        const Fault& fault = faults()[static_cast<std::size_t>(which)];
        Layers layers(fault);
        if (fault.reason.isEmpty()) {
            QVERIFY(QTest::qWaitFor(
                [&] {
                    layers.tick();
                    return layers.figures().sent > 3;
                },
                kPatience));
            QVERIFY(layers.tick().empty());
            QVERIFY(layers.silence().has_value());
            for (const CaughtRequest& request : layers.server().requests()) {
                QCOMPARE(request.headers.at("authorization"), std::string("Bearer ") + kSecret);
            }
            return;
        }
        const QRegularExpression reason(fault.reason);
        std::vector<metrics::Banner> banners;
        QVERIFY(QTest::qWaitFor(
            [&] {
                banners = layers.tick();
                return !bannerOf(banners, "prometheus:central").id.empty() &&
                       !bannerOf(banners, "remote_write").id.empty() &&
                       !bannerOf(banners, "alertmanager").id.empty();
            },
            kPatience));
        const struct {
            const char* id;
            const char* layer; // as the banner names it
        } expected[] = {{"prometheus:central", "central"},
                        {"remote_write", "pushed-to"},
                        {"alertmanager", "Alertmanager"}};
        for (const auto& [id, layer] : expected) {
            const metrics::Banner banner = bannerOf(banners, id);
            const QString said = QString::fromStdString(banner.text + '\n' + banner.detail);
            QVERIFY2(said.contains(QLatin1String(layer)) && said.contains(reason), qPrintable(said));
            QVERIFY2(!said.contains(QLatin1String(kSecret)), qPrintable(said));
        }
        const auto chinese = layers.tick(core::Lang::Chinese);
        QVERIFY(bannerOf(chinese, "prometheus:central").text.find("无响应") != std::string::npos);

        const auto refused = layers.silence(); // it is said that it was not told, and not kept for later
        QVERIFY(!refused.has_value());
        QVERIFY2(QString::fromStdString(refused.error().message).contains(reason),
                 refused.error().message.c_str());
        layers.tick();
        QCOMPARE(layers.localValue(), double(layers.ticks()));
        QVERIFY2(layers.elsewhere().requests().empty(), "credentials went elsewhere");
        if (!fault.how) {
            return;
        }
        const auto failed = layers.figures().failed;
        layers.heal();
        const std::size_t from = layers.server().requests().size();
        QVERIFY(QTest::qWaitFor([&] { return layers.tick().empty(); }, kPatience));
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto now = layers.figures();
                return now.pending == 0 && now.sent + now.failed == std::uint64_t(layers.ticks());
            },
            kPatience));
        QCOMPARE(layers.figures().dropped, 0U);
        QVERIFY(layers.figures().failed - failed <= 1); // what was under way while it became well
        QVERIFY(
            tookEachOnce(layers.server(), from));
        const auto requests = layers.server().requests();
        QVERIFY(std::none_of(
            requests.begin() + std::ptrdiff_t(from), requests.end(), [](const CaughtRequest& one) {
                return one.path.find("/silences") != std::string::npos && one.method == "POST";
            }));
        QVERIFY(layers.elsewhere().requests().empty());
    }
};

QTEST_GUILESS_MAIN(LayersTest)
#include "tst_layers.moc"
