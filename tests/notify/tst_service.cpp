// The whole of it: events in, real servers at the other end.
#include "tests/notify/events.h"
#include "tests/support/http_catcher.h"
#include "tests/support/smtp_catcher.h"

#include "monitor/notify/service.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>
#include <map>

using metrics::AlertTold;
using namespace std::chrono_literals;

namespace {

metrics::ChannelSetup webhook(const std::string& name, const std::string& url)
{
    metrics::ChannelSetup setup;
    setup.name = name;
    setup.kind = "webhook";
    setup.groupWait = 0s;
    setup.settings["url"] = {url};
    return setup;
}

notify::ServiceOptions options(const QTemporaryDir& folder, std::vector<metrics::ChannelSetup> channels)
{
    notify::ServiceOptions options;
    options.folder = folder.path().toStdString();
    options.channels = std::move(channels);
    return options;
}

metrics::AlertEvent fired(const std::string& name)
{
    return support::event(name, AlertTold::Fired, core::SystemClock::instance().wallNow());
}

metrics::ChannelRow rowOf(const notify::Service& service, const std::string& name)
{
    for (const metrics::ChannelRow& row : service.figures().channels) {
        if (row.name == name) {
            return row;
        }
    }
    return {};
}

// One end for each way there is, all of one mood.
class Ends {
public:
    enum class Mood { Failing, Well, Refusing };

    explicit Ends(const QTemporaryDir& folder)
        : m_folder(folder)
    {
        be(Mood::Failing);
        for (const char* kind : {"webhook", "slack", "dingtalk", "alertmanager"}) {
            m_web[kind].answer([this, kind](std::size_t) {
                const bool ding = std::string_view(kind) == "dingtalk" && m_mood == Mood::Refusing;
                return support::CatcherAnswer{support::CatcherAnswer::Do::Reply,
                                              m_mood == Mood::Failing         ? 503
                                              : m_mood == Mood::Well || ding ? 200
                                                                             : 400,
                                              "",
                                              ding ? R"({"errcode":310000,"errmsg":"keywords not in content"})"
                                                   : R"({"errcode":0})"};
            });
        }
        m_mail.answerRecipient([this](const std::string&, std::size_t) {
            return std::string(m_mood == Mood::Failing ? "451 later" : m_mood == Mood::Well ? "250 ok" : "550 unknown");
        });
    }
    void be(Mood mood)
    {
        QFile file(m_folder.filePath("mood"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(mood == Mood::Failing ? "fail\n" : mood == Mood::Well ? "well\n" : "refuse\n");
        m_mood = mood;
    }
    [[nodiscard]] std::vector<metrics::ChannelSetup> setups()
    {
        std::vector<metrics::ChannelSetup> all;
        for (const notify::NotifierKind& kind : notify::notifierKinds()) {
            const std::string name(kind.kind.name);
            metrics::ChannelSetup setup = webhook(name, "");
            setup.kind = name;
            setup.settings = settingsOf(name);
            all.push_back(setup);
        }
        return all;
    }
    [[nodiscard]] notify::DesktopSink desktop()
    {
        return [this](const notify::DesktopNote&) {
            m_shown += m_mood == Mood::Well ? 1U : 0U;
            return m_mood == Mood::Failing ? notify::Delivery::retry("the bus is busy")
                   : m_mood == Mood::Well  ? notify::Delivery::sent()
                                           : notify::Delivery::refused("nobody shows notes");
        };
    }
    // Messages that came and were taken.
    [[nodiscard]] std::size_t arrived(const std::string& kind)
    {
        if (kind == "email") {
            return m_mail.mails().size();
        }
        if (kind == "desktop") {
            return m_shown;
        }
        if (kind == "command") {
            QFile file(m_folder.filePath("arrived"));
            return file.open(QIODevice::ReadOnly) ? static_cast<std::size_t>(file.readAll().count("\"version\"")) : 0U;
        }
        return m_web.at(kind).requests().size();
    }

private:
    std::map<std::string, std::vector<std::string>> settingsOf(const std::string& kind)
    {
        if (kind == "email") {
            return {{"host", {"127.0.0.1"}},
                    {"port", {std::to_string(m_mail.port())}},
                    {"security", {"plain"}},
                    {"from", {"pool@example.com"}},
                    {"to", {"a@example.com"}}};
        }
        if (kind == "command") {
            const std::string folder = m_folder.path().toStdString();
            return {{"command",
                     {"/bin/sh", "-c",
                      "read mood < " + folder + "/mood; case $mood in fail) exit 3;; refuse) exit 127;; esac; cat >> " +
                          folder + "/arrived"}}};
        }
        if (kind == "desktop") {
            return {};
        }
        if (kind == "alertmanager") {
            return {{"urls", {m_web.at(kind).url()}}};
        }
        const auto kept = notify::Secrets::store(m_folder.filePath("secrets.yml").toStdString(), kind, m_web.at(kind).url());
        return {{"url", {kept ? "secret:" + kind : kept.error().message}}};
    }

    const QTemporaryDir& m_folder;
    std::atomic<Mood> m_mood{Mood::Failing};
    std::atomic<std::size_t> m_shown{0};
    std::map<std::string, support::HttpCatcher> m_web;
    support::SmtpCatcher m_mail{{}};
};

// Waits for a test's outcome.
core::Result<void> tested(notify::Service& service, const std::string& name)
{
    auto promise = std::make_shared<std::promise<core::Result<void>>>();
    auto outcome = promise->get_future();
    service.test(name, [promise](const core::Result<void>& result) { promise->set_value(result); });
    return outcome.wait_for(30s) == std::future_status::ready ? outcome.get()
                                                              : core::Result<void>(core::fail("no answer"));
}

} // namespace

class TstService final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEventReachesEveryChannelAndIsCounted()
    {
        QTemporaryDir folder;
        support::HttpCatcher first;
        support::HttpCatcher second;
        notify::Service service(options(folder, {webhook("one", first.url()), webhook("two", second.url())}));
        service.push(fired("A"));
        QVERIFY(first.waitFor(1, 30s));
        QVERIFY(second.waitFor(1, 30s));
        QTRY_COMPARE_WITH_TIMEOUT(rowOf(service, "one").sent, 1U, 30000);
        QCOMPARE(rowOf(service, "one").queued, 0U);
    }

    void aServerThatComesBackIsTriedAgain()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t number) {
            return support::CatcherAnswer{support::CatcherAnswer::Do::Reply, number < 2 ? 500 : 200};
        });
        notify::Service service(options(folder, {webhook("ops", catcher.url())}));
        service.push(fired("A"));
        QVERIFY(catcher.waitFor(3, 30s));
        QTRY_COMPARE_WITH_TIMEOUT(rowOf(service, "ops").sent, 1U, 30000);
        const auto requests = catcher.requests();
        QCOMPARE(requests[0].headers.at("x-poolscope-message-id"),
                 requests[2].headers.at("x-poolscope-message-id"));
        QCOMPARE(requests[0].body, requests[2].body);
        QCOMPARE(rowOf(service, "ops").retried, 2U);
    }

    void everyWayIsTriedAgainArrivesAndIsGivenUpWhenRefused()
    {
        QTemporaryDir folder;
        Ends ends(folder);
        auto with = options(folder, ends.setups());
        with.around.desktop = [&ends] { return ends.desktop(); };
        notify::Service service(std::move(with));
        const auto every = [&service](auto holds) {
            const auto rows = service.figures().channels;
            return rows.size() == notify::notifierKinds().size() && std::ranges::all_of(rows, holds);
        };
        service.push(fired("A"));
        QTRY_VERIFY_WITH_TIMEOUT(every([](const auto& row) { return row.retried >= 1; }), 60000);
        QVERIFY(every([](const auto& row) { return row.sent == 0 && !row.lastError.empty(); }));
        ends.be(Ends::Mood::Well);
        QTRY_VERIFY_WITH_TIMEOUT(every([](const auto& row) { return row.sent >= 1; }), 60000);
        for (const metrics::ChannelRow& row : service.figures().channels) {
            QVERIFY2(ends.arrived(row.kind) >= 1, row.kind.c_str());
            QVERIFY2(row.lastError.empty(), row.lastError.c_str());
        }
        ends.be(Ends::Mood::Refusing);
        service.push(fired("B"));
        QTRY_VERIFY_WITH_TIMEOUT(every([](const auto& row) { return row.failed >= 1 && row.queued == 0; }), 60000);
    }

    void aServerThatHangsKeepsNoOtherWaiting()
    {
        QTemporaryDir folder;
        support::HttpCatcher hanging;
        hanging.answer([](std::size_t) { return support::CatcherAnswer{support::CatcherAnswer::Do::Hang}; });
        support::HttpCatcher well;
        notify::Service service(
            options(folder, {webhook("hanging", hanging.url()), webhook("well", well.url())}));
        service.push(fired("A"));
        QVERIFY(hanging.waitFor(1, 30s));
        QVERIFY(well.waitFor(1, 30s));
    } // and the end does not wait for the one that hangs

    void whatWasQueuedIsSentAfterTheNextStart()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        {
            auto waits = webhook("ops", catcher.url());
            waits.groupWait = 10s;
            notify::Service service(options(folder, {waits}));
            service.push(fired("A"));
            QTRY_VERIFY_WITH_TIMEOUT(QFile(folder.filePath("notify.journal")).size() > 100, 30000);
        }
        QCOMPARE(catcher.requests().size(), 0U);
        notify::Service service(options(folder, {webhook("ops", catcher.url())}));
        QVERIFY(catcher.waitFor(1, 60s));
    }

    void aTestTellsHowItWent()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        auto closed = webhook("closed", "http://127.0.0.1:1/");
        notify::Service service(options(folder, {webhook("ops", catcher.url()), closed}));
        const auto well = tested(service, "ops");
        QVERIFY2(well, well ? "" : well.error().message.c_str());
        QVERIFY(catcher.requests().at(0).body.find("PoolscopeTest") != std::string::npos);
        QVERIFY(!tested(service, "closed"));
        QCOMPARE(tested(service, "nobody").error().code, std::string("unknown"));
        QTRY_VERIFY_WITH_TIMEOUT(!rowOf(service, "closed").lastError.empty(), 30000);
    }

    void aChannelOfTheWindowOutlivesTheProgram()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        const std::string token = "quite-a-secret-token";
        {
            notify::Service service(options(folder, {}));
            auto promise = std::make_shared<std::promise<core::Result<void>>>();
            auto setup = webhook("mine", catcher.url());
            setup.text = "{{ range .Alerts }}{{ .Labels.alertname }}{{ end }}";
            setup.quiet = metrics::QuietHours{22 * 60, 7 * 60 + 30, metrics::Severity::Warning};
            setup.repeatInterval = 2h;
            QVERIFY(service.save(setup, {{"token", token}},
                                 [promise](const core::Result<void>& r) { promise->set_value(r); }));
            QVERIFY(promise->get_future().get());
            QCOMPARE(service.setups().size(), 1U);
        }
        QFile file(folder.filePath("notify.yml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains(token.c_str()));
        QCOMPARE(QFile::permissions(folder.filePath("secrets.yml")) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
        notify::Service service(options(folder, {}));
        QVERIFY(tested(service, "mine"));
        QCOMPARE(catcher.requests().at(0).headers.at("authorization"), "Bearer " + token);
        const auto setups = service.setups();
        QCOMPARE(setups[0].quiet->to, 7 * 60 + 30);
        QCOMPARE(*setups[0].repeatInterval, core::Nanos(2h));
        QVERIFY(setups[0].editable);
        auto promise = std::make_shared<std::promise<core::Result<void>>>();
        service.remove("mine", [promise](const core::Result<void>& r) { promise->set_value(r); });
        QVERIFY(promise->get_future().get());
        QVERIFY(service.setups().empty());
    }

    void secretsThatOthersMayReadAreRefused()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("secrets.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("t: abcdef\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
        support::HttpCatcher catcher;
        auto setup = webhook("ops", catcher.url());
        setup.settings["token"] = {"secret:t"};
        notify::Service service(options(folder, {setup}));
        const auto outcome = tested(service, "ops");
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().message.find("chmod 600") != std::string::npos,
                 outcome.error().message.c_str());
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(tested(service, "ops")); // looked at anew
    }

    void aStormThatDoesNotFitIsCounted()
    {
        QTemporaryDir folder;
        support::HttpCatcher catcher;
        catcher.answer([](std::size_t) { return support::CatcherAnswer{}; });
        notify::Service service(options(folder, {webhook("ops", catcher.url())}));
        for (int i = 0; i < 500; ++i) {
            service.push(support::event("Storm", AlertTold::Fired, core::SystemClock::instance().wallNow(),
                                        metrics::Severity::Warning, std::to_string(i)));
        }
        QVERIFY(catcher.waitFor(1, 30s));
        QTRY_COMPARE_WITH_TIMEOUT(rowOf(service, "ops").queued, 0U, 30000);
        QVERIFY(catcher.requests().size() <=
                3U); // at most what was there when it began, and the rest with group_interval
        QCOMPARE(service.figures().dropped, 0U);
    }

    void aPreviewShowsTheWordsAndTheirFaults()
    {
        QTemporaryDir folder;
        notify::Service service(options(folder, {}));
        auto setup = webhook("x", "http://localhost/");
        setup.title = "{{ .Status | toUpper }} {{ .CommonLabels.alertname }} {{ len .Alerts.Firing }}";
        setup.text = "{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}";
        const auto preview = service.preview(setup);
        QVERIFY2(preview, preview ? "" : preview.error().message.c_str());
        QCOMPARE(preview->title, std::string("FIRING PoolscopeTest 1"));
        QCOMPARE(preview->text, std::string("alertname=PoolscopeTest;severity=warning;"));
        setup.text = "{{ .Nothing }}";
        QVERIFY(!service.preview(setup));
        setup.text = "{{ range .Alerts }}";
        QVERIFY(!service.save(setup, {}, {}));
    }

    void withoutADesktopItSaysSo()
    {
        QTemporaryDir folder;
        metrics::ChannelSetup setup;
        setup.name = "desk";
        setup.kind = "desktop";
        notify::Service service(options(folder, {setup}));
        QVERIFY(tested(service, "desk").error().message.find("without a window") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TstService)
#include "tst_service.moc"
