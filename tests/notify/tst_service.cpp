// The whole of it: events in, real servers at the other end.
#include "tests/notify/events.h"
#include "tests/support/http_catcher.h"

#include "monitor/notify/service.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <future>

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
