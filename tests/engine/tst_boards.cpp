#include "monitor/engine/boards.h"
#include "monitor/engine/cluster_keeper.h"

#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

namespace {

class HandClock final : public core::Clock {
public:
    [[nodiscard]] core::SteadyTime steadyNow() const noexcept override { return {}; }
    [[nodiscard]] core::WallTime wallNow() const noexcept override { return now; }
    core::WallTime now{1'000'000s};
};

} // namespace

class BoardsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bannerKeepsItsSinceWhileItStands()
    {
        HandClock clock;
        engine::BannerBoard board(clock);
        const core::WallTime first = clock.now;
        board.raise({"server", true, {}, "away", "", 0ns});
        clock.now += 5s;
        board.raise({"server", true, {}, "still away", "", 0ns});
        QCOMPARE(board.all().size(), std::size_t(1));
        QCOMPARE(board.all().front().since, first);
        QCOMPARE(board.all().front().text, std::string("still away"));
        board.clear("server");
        QVERIFY(board.all().empty());
        board.raise({"server", true, {}, "away again", "", 0ns});
        QCOMPARE(board.all().front().since, clock.now);
    }
    void criticalBannersComeFirst()
    {
        HandClock clock;
        engine::BannerBoard board(clock);
        board.raise({"a", false, {}, "", "", 0ns});
        board.raise({"b", true, {}, "", "", 0ns});
        QCOMPARE(board.all().front().id, std::string("b"));
    }
    void marksAreForgottenAfterAnHour()
    {
        HandClock clock;
        engine::MarkBook book(clock);
        book.add(metrics::Mark::Kind::SettingChanged, "old");
        clock.now += 61min;
        book.add(metrics::Mark::Kind::SettingChanged, "new");
        QCOMPARE(book.all()->size(), std::size_t(1));
        QCOMPARE(book.all()->front().text, std::string("new"));
    }
    void notesStandAtTheirMomentAndStay()
    {
        HandClock clock;
        engine::MarkBook book(clock);
        book.add(metrics::Mark::Kind::ServerUp, "up");
        const core::WallTime then = clock.wallNow();
        clock.now += std::chrono::minutes(10);
        book.add(metrics::Mark::Kind::ServerDown, "down");
        book.note(then + std::chrono::minutes(5), "in between");
        QCOMPARE(book.all()->at(1).text, std::string("in between"));
        clock.now += std::chrono::hours(2);
        for (int i = 0; i < 300; ++i) {
            book.note(clock.wallNow(), std::to_string(i));
        }
        QCOMPARE(book.all()->size(), std::size_t(200)); // the newest notes, no mark of hours ago
        QCOMPARE(book.all()->back().text, std::string("299"));
    }
    void anAlertmanagerThatIsAwayIsNamedUntilItIsNotAskedAnyMore()
    {
        QTemporaryDir folder;
        HandClock clock;
        engine::BannerBoard board(clock);
        engine::ClusterKeeper keeper(folder.path().toStdString(), engine::ClusterKeeper::Ring::NotUsed);
        keeper.tell(board, core::Lang::English);
        QVERIFY(board.all().empty() && keeper.view() == nullptr);
        bool refused = false;
        keeper.expire("x", [&refused](const core::Result<cluster::Told>& outcome) { refused = !outcome; });
        QVERIFY(refused);
        cluster::Spec spec;
        spec.peers = {"http://127.0.0.1:1"}; // nobody listens there
        keeper.watch(spec);
        const auto banner = [&] {
            keeper.tell(board, core::Lang::English);
            return board.all().empty() ? metrics::Banner() : board.all().front();
        };
        QTRY_COMPARE_WITH_TIMEOUT(banner().text, std::string("Alertmanager: 1 of 1 without an answer: 127.0.0.1:1"), 30'000);
        QVERIFY(!banner().detail.empty());
        keeper.watch({});
        QCOMPARE(banner().text, std::string());
    }
    void marksAreBounded()
    {
        HandClock clock;
        engine::MarkBook book(clock);
        for (int i = 0; i < 5000; ++i) {
            book.add(metrics::Mark::Kind::SettingChanged, std::to_string(i));
        }
        QCOMPARE(book.all()->size(), std::size_t(1000));
        QCOMPARE(book.all()->back().text, std::string("4999"));
    }
};

QTEST_GUILESS_MAIN(BoardsTest)
#include "tst_boards.moc"
