#include "monitor/load/demo_schema.h"

#include "tests/load/load_fixture.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using support::answerOf;
using support::schemaExists;

class DemoSchemaTest : public QObject {
    Q_OBJECT

    support::PgServer m_server;

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.ok(), m_server.error()); }
    void cleanup() {
        answerOf(m_server.connInfo(), "DROP SCHEMA IF EXISTS poolscope_demo CASCADE");
        QVERIFY(!schemaExists(m_server.connInfo()));
    }

    void itIsThereWhileUsedAndGoneAfterTheLast() {
        load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        {
            auto first = schema.use({});
            QVERIFY2(first, first ? "" : first.error().message.c_str());
            QCOMPARE(answerOf(m_server.connInfo(), "SELECT count(*) FROM poolscope_demo.users"),
                     std::string("100"));
            {
                auto second = schema.use({});
                QVERIFY(second);
            }
            QVERIFY(schemaExists(m_server.connInfo()));
        }
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void manyAtOnceMakeItOnce() {
        load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        std::atomic<int> good{0};
        {
            std::latch start(16);
            std::vector<std::jthread> threads;
            for (int i = 0; i < 16; ++i) {
                threads.emplace_back([&] {
                    start.arrive_and_wait();
                    for (int round = 0; round < 10; ++round) {
                        const auto use = schema.use({});
                        good += use && schemaExists(m_server.connInfo()) ? 1 : 0;
                    }
                });
            }
        }
        QCOMPARE(good.load(), 160);
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void twoConsolesShareItAndTheLastOneDropsIt() {
        load::DemoSchema one([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        load::DemoSchema two([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        {
            const auto second = two.use({});
            QVERIFY(second);
            {
                const auto first = one.use({});
                QVERIFY(first);
            }
            QVERIFY(schemaExists(m_server.connInfo()));
        }
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void aForeignSchemaOfThatNameIsNeverTouched() {
        answerOf(m_server.connInfo(), "CREATE SCHEMA poolscope_demo CREATE TABLE treasure (id int)");
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            load::DemoSchema schema([this] { return m_server.connInfo(); }, [lang] { return lang; });
            const auto use = schema.use({});
            QVERIFY(!use);
            QCOMPARE(use.error().code, std::string("42P06"));
        }
        QCOMPARE(answerOf(m_server.connInfo(), "SELECT count(*) FROM poolscope_demo.treasure"),
                 std::string("0"));
    }
    void whatACrashLeftBehindIsUsedAndDropped() {
        answerOf(m_server.connInfo(),
                 "CREATE SCHEMA poolscope_demo;"
                 "COMMENT ON SCHEMA poolscope_demo IS 'Poolscope demo data: safe to drop'");
        {
            load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
            QVERIFY(schema.use({}));
        }
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void itIsDroppedEvenWhenTheServerWasRestarted() {
        load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        {
            const auto use = schema.use({});
            QVERIFY(use);
            QVERIFY2(m_server.restart(), m_server.error());
        }
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void whatCouldNotBeDroppedIsDroppedLater() {
        {
            load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
            {
                const auto use = schema.use({});
                QVERIFY(use);
                m_server.stop();
            }
            QVERIFY2(m_server.start(), m_server.error());
            QVERIFY(schemaExists(m_server.connInfo()));
        }
        QVERIFY(!schemaExists(m_server.connInfo()));
    }
    void withoutAServerThereIsAnErrorInTime() {
        m_server.stop();
        load::DemoSchema schema([this] { return m_server.connInfo(); }, load::alwaysEnglish);
        QElapsedTimer timer;
        timer.start();
        const auto use = schema.use({});
        QVERIFY(!use);
        QVERIFY(!use.error().message.empty());
        QVERIFY(timer.elapsed() < 4000);
        QVERIFY2(m_server.start(), m_server.error());
    }
};

QTEST_GUILESS_MAIN(DemoSchemaTest)
#include "tst_demo_schema.moc"
