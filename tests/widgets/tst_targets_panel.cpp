// Other people's pools as a person sees them and changes their list.
#include "tests/widgets/target_snapshots.h"
#include "widgets/delegates/target_delegate.h"
#include "widgets/dialogs/target_dialog.h"
#include "widgets/panels/targets_panel.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

#include <array>
#include <atomic>
#include <cmath>

namespace {

using metrics::TargetEdit;
using target_snapshots::find;
using target_snapshots::snapshotOf;
using Kind = metrics::TargetEdit::Kind;

struct Stage {
    Stage()
    {
        commands.targets.setups = [this] { return setups; };
        commands.targets.probe = [this](const metrics::TargetSetup& setup, const std::string& secret,
                                        const std::stop_token& stop) {
            while (hangs && !stop.stop_requested()) {
                std::this_thread::yield();
            }
            asked = setup.url + " " + setup.user + " " + secret;
            return finding;
        };
        commands.targets.edit = [this](const TargetEdit& edit,
                                       const std::function<void(const QString&)>& done) {
            edits.push_back(edit);
            if (done) {
                done(refusal);
            }
        };
        commands.targets.secretPlace = [] { return metrics::SecretPlace::File; };
        finding.url = "http://shop:9187/metrics";
        finding.name = "shop:9187";
        finding.series = 312;
    }
    widgets::Commands commands;
    std::vector<metrics::TargetSetup> setups;
    metrics::TargetFinding finding;
    std::string asked;
    std::vector<TargetEdit> edits;
    QString refusal;
    std::atomic<bool> hangs = false;
};

} // namespace

class TargetsPanelTest final : public QObject {
    Q_OBJECT

    static QString cell(const widgets::TableView& view, int row, int column)
    {
        return view.model()->index(row, column).data().toString();
    }

private Q_SLOTS:
    void whatAPrometheusSeesIsBesideWhatIsWatchedHere()
    {
        Stage stage;
        metrics::RemoteView view;
        stage.commands.remote.view = [&view] { return view; };
        widgets::PanelContext context;
        context.commands = &stage.commands;
        widgets::TargetsPanel panel(context);
        panel.resize(1000, 600);
        panel.show();
        panel.showSnapshot(snapshotOf(2, 3));
        auto* there = panel.findChild<QToolButton*>("targets.there");
        QVERIFY(!there->isVisible()); // no server is configured
        metrics::RemoteServer server;
        server.name = "central";
        server.state = metrics::RemoteServer::State::Up;
        server.heard = core::SystemClock::instance().wallNow();
        server.targets.resize(2);
        server.targets[0].job = "app";
        server.targets[0].health = "up";
        server.targets[0].url = "http://app:8080/metrics";
        server.targets[1].health = "down";
        server.targets[1].job = "gone";
        server.targets[1].url = "http://gone:1/metrics";
        view = {std::make_shared<const metrics::RemoteServer>(server)};
        panel.showSnapshot(snapshotOf(2, 3));
        QVERIFY(there->isVisible());
        QCOMPARE(there->text(), "At Prometheus 2");
        there->click();
        auto* table = panel.findChild<widgets::TableView*>("remote.targets");
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->index(0, 1).data().toString(), "gone"); // the worst first
        table->selectRow(1);
        panel.findChild<QAction*>("remoteTargets.watch")->trigger();
        auto* dialog = panel.findChild<widgets::TargetDialog*>();
        QVERIFY(dialog != nullptr);
        QVERIFY(dialog->findChild<QLineEdit*>("target.url")->text() == "http://app:8080/metrics");
        dialog->close();
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aNewTargetIsLookedAtAndKept()
    {
        Stage stage;
        widgets::TargetDialog dialog(stage.commands.targets, {}, widgets::TargetDialog::As::New);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        metrics::FoundPool pool{"HikariCP (Micrometer)", "main", {}};
        pool.figures.fill(std::nan(""));
        pool.figures[1] = 7;
        stage.finding.sources = {"HikariCP (Micrometer)"};
        stage.finding.pools = {pool};
        auto* url = find<QLineEdit>(dialog, "target.url");
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::keyClicks(url, "http://me:kanarienvogel@shop:9187");
        QTest::keyClick(url, Qt::Key_Return); // looks first, and adds nothing
        QTRY_COMPARE(find<QTableWidget>(dialog, "target.pools")->rowCount(), 1);
        QCOMPARE(stage.asked,
                 std::string("http://shop:9187 me kanarienvogel")); // taken apart before anybody sees it
        QVERIFY(find<QLabel>(dialog, "target.verdict")->text().contains("HikariCP"));
        auto* pools = find<QTableWidget>(dialog, "target.pools");
        QCOMPARE(pools->item(0, 2)->text(), QStringLiteral("7"));
        QCOMPARE(pools->item(0, 1)->text(), QStringLiteral("–")); // not told: never a nought
        QVERIFY(!pools->item(0, 1)->toolTip().isEmpty());
        QCOMPARE(find<QLineEdit>(dialog, "target.name")->text(), QStringLiteral("shop:9187"));
        QCOMPARE(url->text(), QStringLiteral("http://shop:9187/metrics"));
        find<QComboBox>(dialog, "target.environment")->setEditText("production");
        find<QLineEdit>(dialog, "target.tags")->setText("java,  shop ,");
        stage.refusal = "targets.yml:3: it is broken";
        find<QPushButton>(dialog, "target.save")->click();
        QCOMPARE(find<QLabel>(dialog, "target.problem")->text(), stage.refusal);
        QVERIFY(dialog.isVisible());
        stage.refusal.clear();
        find<QPushButton>(dialog, "target.save")->click();
        QVERIFY(!dialog.isVisible());
        const TargetEdit& edit = stage.edits.back();
        QVERIFY(edit.kind == Kind::Add && edit.secret == "kanarienvogel");
        QCOMPARE(edit.setup.environment, std::string("production"));
        QCOMPARE(edit.setup.tags, (std::vector<std::string>{"java", "shop"}));
        QCOMPARE(edit.setup.user, std::string("me"));
        QCOMPARE(edit.setup.interval, core::Nanos(std::chrono::seconds(5)));
    }

    void whatALookFindsIsSaidInWords_data()
    {
        QTest::addColumn<int>("cause");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("expired");
        QTest::addColumn<QString>("words");
        using metrics::TargetCause;
        const auto row = [](const char* name, TargetCause cause, int status, const char* expired,
                            const char* words) {
            QTest::newRow(name) << static_cast<int>(cause) << status << QString(expired) << QString(words);
        };
        row("a login", TargetCause::Login, 401, "", "401");
        row("expired", TargetCause::Certificate, 0, "Nov 20 2026 GMT", "expired on Nov 20 2026 GMT");
        row("untrusted", TargetCause::Certificate, 0, "", "not trusted: why");
        row("no such page", TargetCause::Http, 404, "", "404");
        row("a web page", TargetCause::Garbage, 200, "", "not with metrics");
        row("nobody", TargetCause::Refused, 0, "", "Nobody listens");
        row("no host", TargetCause::Name, 0, "", "no host");
        row("silence", TargetCause::Timeout, 0, "", "in time");
        row("anything else", TargetCause::Other, 0, "", "why");
    }
    void whatALookFindsIsSaidInWords()
    {
        QFETCH(int, cause);
        QFETCH(int, status);
        QFETCH(QString, expired);
        QFETCH(QString, words);
        metrics::TargetFinding finding;
        finding.cause = static_cast<metrics::TargetCause>(cause);
        finding.problem = "why";
        finding.status = status;
        finding.expired = expired.toStdString();
        QVERIFY2(widgets::verdictOf(finding).contains(words), qPrintable(widgets::verdictOf(finding)));
        metrics::TargetFinding foreign;
        foreign.series = 312;
        QVERIFY(widgets::verdictOf(foreign).contains("312"));
    }

    void aLookCanBeGivenUp()
    {
        Stage stage;
        stage.hangs = true;
        widgets::TargetDialog dialog(stage.commands.targets, {}, widgets::TargetDialog::As::New);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        find<QLineEdit>(dialog, "target.url")->setText("hole:1");
        find<QPushButton>(dialog, "target.look")->click();
        QVERIFY(dialog.looking());
        QTest::keyClick(&dialog, Qt::Key_Escape); // ends the look, not the dialog
        QVERIFY(!dialog.looking() && dialog.isVisible());
        QVERIFY(find<QLabel>(dialog, "target.verdict")->text().contains("Given up"));
        stage.hangs = false;
    }

    void anotherAddressAsksForTheLoginAgain()
    {
        Stage stage;
        metrics::TargetSetup setup;
        setup.name = "prom";
        setup.url = "http://prom:9090/federate?match%5B%5D=%7Bjob%3D%22shop%22%7D";
        setup.user = "me";
        setup.secret = "keyring:target-prom";
        widgets::TargetDialog dialog(stage.commands.targets, setup, widgets::TargetDialog::As::ItIs);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        auto* url = find<QLineEdit>(dialog, "target.url");
        auto* secret = find<QLineEdit>(dialog, "target.secret");
        QCOMPARE(url->text(), QStringLiteral("http://prom:9090/federate?match[]={job=\"shop\"}"));
        url->setText("http://prom:9090/federate?match[]={job=\"other\"}"); // the same server
        QVERIFY(secret->placeholderText().contains("key ring"));
        url->setText("http://elsewhere:9090/federate?match[]={job=\"shop\"}");
        QVERIFY2(secret->placeholderText().contains("http://prom:9090 only"),
                 qPrintable(secret->placeholderText()));
        find<QPushButton>(dialog, "target.look")->click();
        find<QPushButton>(dialog, "target.save")->click();
        QVERIFY(stage.asked.empty() && stage.edits.empty()); // nobody was asked with it
        QVERIFY(find<QLabel>(dialog, "target.verdict")->text().contains("Type it again"));
        secret->setText("kanarienvogel");
        find<QPushButton>(dialog, "target.save")->click();
        QCOMPARE(stage.edits.size(), std::size_t(1));
        QCOMPARE(stage.edits.back().secret, std::string("kanarienvogel"));
        QVERIFY(stage.edits.back().kind == Kind::Change && stage.edits.back().name == "prom");
    }

    void whatStandsElsewhereCanBeLookedAtOnly()
    {
        Stage stage;
        metrics::TargetSetup setup;
        setup.name = setup.url = "http://a/metrics";
        setup.secret = "keyring:target-a";
        setup.origin = metrics::TargetOrigin::Config;
        widgets::TargetDialog dialog(stage.commands.targets, setup, widgets::TargetDialog::As::ItIs);
        QVERIFY(!find<QPushButton>(dialog, "target.save")->isEnabled());
        QVERIFY(find<QLabel>(dialog, "target.problem")->text().contains("configuration file"));
        QVERIFY(find<QLineEdit>(dialog, "target.secret")->placeholderText().contains("key ring"));
    }

    void theListIsChangedFromTheTable()
    {
        Stage stage;
        for (int i = 0; i < 6; ++i) {
            metrics::TargetSetup setup;
            setup.name = "t" + std::to_string(1000 + i);
            setup.url = "http://x/metrics";
            stage.setups.push_back(setup);
        }
        widgets::TargetsPanel panel({nullptr, &stage.commands});
        panel.resize(1200, 600);
        panel.show();
        panel.showSnapshot(snapshotOf(6, 5));
        auto* view = find<widgets::TableView>(panel, "targets");
        QCOMPARE(cell(*view, 0, 1), QStringLiteral("t1003")); // the worst
        panel.showHint(QStringLiteral("t1004"));
        const auto act = [view](const char* keys) {
            for (QAction* action : view->actions()) {
                if (action->shortcut() == QKeySequence(QString::fromLatin1(keys))) {
                    action->trigger();
                    return;
                }
            }
            qFatal("there is no %s", keys);
        };
        act("P");
        QVERIFY(stage.edits.back().kind == Kind::Pause && stage.edits.back().name == "t1004");
        act("Del");
        QVERIFY(stage.edits.back().kind == Kind::Remove);
        panel.showSnapshot(snapshotOf(6, 9.5)); // others are worse now: the choice stays with its row
        act("Del");
        QCOMPARE(stage.edits.back().name, std::string("t1004"));
        act("Ctrl+D");
        auto* copy = find<widgets::TargetDialog>(panel, "target.dialog");
        QVERIFY(find<QLineEdit>(*copy, "target.name")->text().isEmpty());
        copy->close();
    }

    // Its own colour, or one by its name that is the same in every run; production stands in a frame.
    void environmentsHaveTheirColours()
    {
        QCOMPARE(widgets::environmentColor("shop", "#123456"), QColor("#123456"));
        QCOMPARE(widgets::environmentColor("shop"), widgets::environmentColor("shop"));
        QVERIFY(widgets::environmentColor("production") != widgets::environmentColor("staging"));
        widgets::PanelContext context;
        widgets::TargetsPanel panel(context);
        panel.resize(1200, 600);
        panel.show();
        panel.showSnapshot(snapshotOf(4, 5));
        auto* view = find<widgets::TableView>(panel, "targets");
        const auto framed = [&](int row) {
            const QRect cell = view->visualRect(view->model()->index(row, 2));
            const QImage image = view->viewport()->grab(cell).toImage();
            const QColor color = widgets::environmentColor(view->model()->index(row, 2).data().toString());
            int pixels = 0; // of the upper line, where only a frame is
            for (int y = 0; y < image.height() / 4; ++y) {
                int line = 0;
                for (int x = 0; x < image.width(); ++x) {
                    line += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
                }
                pixels = std::max(pixels, line);
            }
            return pixels > cell.width() / 2;
        };
        int production = 0;
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            const bool is = view->model()->index(row, 2).data().toString() == "production";
            QVERIFY2(framed(row) == is, qPrintable(view->model()->index(row, 1).data().toString()));
            production += is ? 1 : 0;
        }
        QCOMPARE(production, 2);
    }

    void groupsFoldAndTheWorstIsFirst()
    {
        Stage stage;
        widgets::TargetsPanel panel({nullptr, &stage.commands});
        panel.resize(1200, 600);
        panel.show();
        panel.showSnapshot(snapshotOf(200, 5));
        auto* view = find<widgets::TableView>(panel, "targets");
        QCOMPARE(view->model()->rowCount(), 200);
        find<QComboBox>(panel, "targets.grouping")->setCurrentIndex(1);
        QCOMPARE(view->model()->rowCount(), 202);
        QCOMPARE(cell(*view, 0, 1), QStringLiteral("staging")); // one of its targets is down
        QVERIFY(cell(*view, 0, 3).contains("100") && cell(*view, 0, 10).contains('1'));
        QCOMPARE(cell(*view, 1, 1), QStringLiteral("t1003"));
        view->sortByColumn(1, Qt::DescendingOrder); // within the groups
        QCOMPARE(cell(*view, 0, 1), QStringLiteral("staging"));
        QCOMPARE(cell(*view, 1, 1), QStringLiteral("t1199"));
        view->setCurrentIndex(view->model()->index(0, 0));
        QTest::keyClick(view, Qt::Key_Left);
        QCOMPARE(view->model()->rowCount(), 102);
        find<QLineEdit>(panel, "targets.needle")
            ->setText("t1003"); // only in the folded one: its head says so
        QCOMPARE(view->model()->rowCount(), 1);
        find<QLineEdit>(panel, "targets.needle")->clear();
        widgets::TargetsPanel again({nullptr, &stage.commands});
        again.restoreState(panel.state());
        again.showSnapshot(snapshotOf(200, 5));
        QCOMPARE(find<widgets::TableView>(again, "targets")->model()->rowCount(), 102);
        again.restoreState("garbage");
    }
};

QTEST_MAIN(TargetsPanelTest)
#include "tst_targets_panel.moc"
