// Other people's pools on their way into the snapshot, the head and the data folder.
#include "monitor/core/format.h"
#include "monitor/engine/target_keeper.h"
#include "monitor/promql/querier.h"
#include "tests/support/http_catcher.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <memory>

using namespace std::chrono_literals;
using engine::TargetKeeper;

class TargetKeeperTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<support::HttpCatcher> m_pool;

    // targets.yml with this target.
    void list(const QByteArray& name)
    {
        write("targets.yml", "- url: " + QByteArray::fromStdString(m_pool->url("/metrics")) +
                                 "\n  name: " + name +
                                 "\n  environment: production\n  tags: [java, shop]\n  interval: 1s\n");
    }
    void write(const QString& name, const QByteArray& text)
    {
        QDir(m_folder->path()).mkpath("targets.d");
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(text);
    }
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    void say(const std::string& body)
    {
        m_pool->answer([body](std::size_t) {
            support::CatcherAnswer answer;
            answer.body = body;
            return answer;
        });
    }
    // A tick, as the machine does it: what the collector says, then the snapshot into the head.
    static metrics::Snapshot tick(TargetKeeper& keeper, series::Head& head)
    {
        metrics::Snapshot snapshot;
        snapshot.at = core::SystemClock::instance().wallNow();
        metrics::SampleBuilder out(snapshot);
        static_cast<void>(keeper.collect(out).has_value());
        head.append(snapshot);
        return snapshot;
    }
    static std::size_t known(const metrics::Snapshot& snapshot)
    {
        const metrics::Family* family = snapshot.find("target_info");
        return family != nullptr ? family->series.size() : 0;
    }
    static double ask(series::Head& head, const metrics::Snapshot& snapshot, std::string_view expression)
    {
        const auto answer = promql::Querier(head).instant(expression, core::epochMillis(snapshot.at));
        return answer && answer->size() == 1 ? answer->front().points.front().value : std::nan("");
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_folder = std::make_unique<QTemporaryDir>();
        m_pool = std::make_unique<support::HttpCatcher>();
        say("hikaricp_connections_active{pool=\"main\"} 7\nhikaricp_connections_max{pool=\"main\"} "
            "10\njvm_threads 42\n");
    }

    void figuresRowsAndUnknownMetricsArrive()
    {
        list("shop");
        series::Head head;
        TargetKeeper keeper(folder(), head);
        metrics::Snapshot snapshot = tick(keeper, head);
        QCOMPARE(ask(head, snapshot, "target_info{target=\"shop\",tags=\"java, shop\"}"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_info{source=~\".+\"}")));
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 1.0,
                                 20'000);
        QCOMPARE(ask(head, snapshot, "target_info{source=\"HikariCP (Micrometer)\"}"), 1.0);
        QCOMPARE(ask(head, snapshot,
                     "target_pool_in_use{target=\"shop\",environment=\"production\",pool=\"main\"}"),
                 7.0);
        QCOMPARE(ask(head, snapshot, "jvm_threads{target=\"shop\",environment=\"production\"}"), 42.0);
        QCOMPARE(ask(head, snapshot, "target_up"), 1.0);
        QVERIFY(std::isnan(ask(head, snapshot, "target_pool_idle"))); // not told: unknown, not zero
    }

    void whatATargetNoLongerSaysEnds()
    {
        list("shop");
        series::Head head;
        TargetKeeper keeper(folder(), head);
        metrics::Snapshot snapshot;
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "jvm_threads")) == 42.0,
                                 20'000);
        say("hikaricp_connections_active{pool=\"main\"} 8\n");
        QTRY_VERIFY_WITH_TIMEOUT(
            (snapshot = tick(keeper, head), std::isnan(ask(head, snapshot, "jvm_threads"))), 20'000);
        QCOMPARE(ask(head, snapshot, "hikaricp_connections_active"), 8.0);
        m_pool.reset();
        QTRY_VERIFY_WITH_TIMEOUT((snapshot = tick(keeper, head), ask(head, snapshot, "target_up")) == 0.0,
                                 20'000);
        QVERIFY(std::isnan(ask(head, snapshot, "hikaricp_connections_active")));
        QVERIFY(std::isnan(ask(head, snapshot, "target_pool_in_use")));
        QCOMPARE(ask(head, snapshot, "target_info{reason=~\".+\"}"), 1.0);
    }

    void filesAreFollowedAndTheirMistakesTold()
    {
        series::Head head;
        TargetKeeper keeper(folder(), head);
        QCOMPARE(known(tick(keeper, head)), std::size_t(0));
        list("shop");
        write("targets.d/sd.json",
              "[{\"targets\": [\"127.0.0.1:" + QByteArray::number(m_pool->port()) + "\"]}]");
        QTRY_COMPARE_WITH_TIMEOUT(known(tick(keeper, head)), std::size_t(2), 20'000);
        write("targets.d/broken.json", "{");
        const auto problem = [&] {
            metrics::Snapshot snapshot;
            snapshot.at = core::SystemClock::instance().wallNow();
            metrics::SampleBuilder out(snapshot);
            const auto collected = keeper.collect(out);
            return QString::fromStdString(collected ? std::string() : collected.error().message);
        };
        QTRY_VERIFY_WITH_TIMEOUT(problem().contains("broken.json:"), 20'000);
        QVERIFY(QFile::remove(m_folder->filePath("targets.d/broken.json")));
        QTRY_COMPARE_WITH_TIMEOUT(problem(), QString(), 20'000);
        QVERIFY(QFile::remove(m_folder->filePath("targets.yml")));
        QTRY_COMPARE_WITH_TIMEOUT(known(tick(keeper, head)), std::size_t(1), 20'000);
    }
};

QTEST_GUILESS_MAIN(TargetKeeperTest)
#include "tst_target_keeper.moc"
