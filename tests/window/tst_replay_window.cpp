// A recording in its window: what can be written of it, and that nothing is offered which only a running program can do.
#include "app/replay_session.h"
#include "tests/record/replay_fixture.h"
#include "tests/window/window_fixture.h"
#include "widgets/banner_bar.h"
#include "widgets/dialogs/marks_dialog.h"
#include "widgets/table_view.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>

using namespace std::chrono_literals;

class ReplayWindowTest : public QObject {
    Q_OBJECT

    std::unique_ptr<support::StoryRun> m_run;
    std::filesystem::path m_file;
    std::unique_ptr<app::ReplaySession> m_session;

    [[nodiscard]] app::MainWindow& window() { return m_session->window(); }
    // Seconds of the story; true once the window shows it.
    bool seek(int second)
    {
        m_session->playback().seek(support::StoryRun::millisAt(second));
        return QTest::qWaitFor(
            [&] {
                const metrics::SnapshotPtr now = m_session->playback().latest();
                return now && std::abs(core::epochMillis(now->at) - support::StoryRun::millisAt(second)) <= 1'000;
            },
            20'000);
    }
    QByteArray written(const char* action, const QString& path)
    {
        QFile::remove(path);
        window().actionList().find(QString::fromLatin1(action))->trigger();
        auto* dialog = window().findChild<QFileDialog*>(QStringLiteral("fileOfRange"));
        if (dialog == nullptr) {
            return {};
        }
        Q_EMIT dialog->fileSelected(path);
        dialog->reject();
        static_cast<void>(QTest::qWaitFor([&] { return QFile::exists(path); }, 30'000));
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_run = std::make_unique<support::StoryRun>();
        m_run->runUntil(760s);
        const auto wall = [](int second) { return core::WallTime(core::Millis(support::StoryRun::millisAt(second))); };
        for (const store::Annotation& mark :
             {store::Annotation{wall(395), wall(420), "gap", "suspended", ""}, store::Annotation{wall(500), {}, "note", "deployed 1.4", "ann"},
              store::Annotation{wall(540), {}, "scenario_started", "exhaustion", ""},
              store::Annotation{wall(560), {}, "setting_changed", "pool_size 10 → 12", ""},
              store::Annotation{wall(600), {}, "server_down", "The database is away", ""}}) {
            m_run->box().note(mark);
        }
        const auto saved = m_run->save(400, 750, "play.poolscope");
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        m_file = *saved;
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(window_test::kWarnings));
        app::WindowOptions options;
        options.lang = core::Lang::English;
        auto opened = app::ReplaySession::open(m_file, options, app::ReplaySession::Live::None);
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        m_session = std::move(*opened);
        window().show();
        QVERIFY(seek(700));
    }
    void cleanup() { m_session.reset(); }

    void nothingIsOfferedThatOnlyARunningProgramCanDo()
    {
        for (const char* id : {"retry", "reload_rules", "stop_scenarios", "add_target", "export", "record"}) {
            QVERIFY2(window().actionList().find(QString::fromLatin1(id)) == nullptr, id);
        }
        for (const char* id : {"report", "export.range", "picture", "pause", "playback"}) {
            QVERIFY2(window().actionList().find(QString::fromLatin1(id)) != nullptr, id);
        }
        metrics::Snapshot away = *m_session->playback().latest();
        away.banners = {{"server", true, away.at - 60s, "The database is away", "refused", 3s}};
        window().showSnapshot(std::make_shared<metrics::Snapshot>(away));
        auto* banner = window().findChild<widgets::Banner*>(QStringLiteral("banner.server"));
        QVERIFY(banner && banner->isVisible());
        for (const QPushButton* button : banner->findChildren<QPushButton*>()) {
            QVERIFY2(!button->isVisible() || button->text() == QStringLiteral("Details"), qPrintable(button->text()));
        }
    }
    void aReportOfItTellsItsIncidents()
    {
        // The window is fed a moment after the playback stands there: what it shows until then has no incident.
        QByteArray page;
        QTRY_VERIFY2_WITH_TIMEOUT(
            (page = written("report", m_run->folder().filePath(QStringLiteral("r.html")))).contains("PoolUsage"),
            page.left(200).constData(), 30'000);
        QVERIFY(page.contains("</html>"));
        QMessageBox* box = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((box = window().findChild<QMessageBox*>()) != nullptr, 15'000);
        box->reject();
    }
    // As they were when it was made: its marks, with how long they lasted and by whom, to be looked at and gone to only.
    void itsMarksAreListed()
    {
        window().actionList().find(QStringLiteral("time.marks"))->trigger();
        auto* dialog = window().findChild<widgets::MarksDialog*>();
        QVERIFY(dialog);
        dialog->findChild<QComboBox*>(QStringLiteral("marks.span"))->setCurrentIndex(2); // its last days, not ours
        auto* view = dialog->findChild<widgets::TableView*>();
        const auto texts = [view] {
            QStringList rows;
            for (int row = 0; row < view->model()->rowCount(); ++row) {
                rows += view->model()->index(row, 1).data().toString() + QStringLiteral(" | ") +
                        view->model()->index(row, 2).data().toString() + QStringLiteral(" | ") +
                        view->model()->index(row, 3).data().toString();
            }
            return rows;
        };
        QTRY_COMPARE(texts().size(), 5);
        QVERIFY2(texts().join('\n').contains(QStringLiteral("25 s | machine suspended")), qPrintable(texts().join('\n')));
        QVERIFY(texts().join('\n').contains(QStringLiteral("deployed 1.4")));
        QVERIFY(texts().join('\n').contains(QStringLiteral("pool_size 10 → 12")));
        for (const char* change : {"marks.edit", "marks.remove"}) {
            QVERIFY(!dialog->findChild<QPushButton*>(QString::fromLatin1(change))->isVisible());
        }
        dialog->findChild<QLineEdit*>(QStringLiteral("marks.needle"))->setText(QStringLiteral("deployed"));
        QCOMPARE(view->model()->rowCount(), 1);
        Q_EMIT view->activated(view->model()->index(0, 0)); // nothing is chosen: nothing happens
        view->selectRow(0);
        Q_EMIT view->activated(view->model()->index(0, 0));
        const qint64 at = support::StoryRun::millisAt(500);
        QTRY_VERIFY(window().range().travelled);
        QVERIFY(window().range().pausedAt > at && window().range().pausedAt - window().range().length.count() < at);
        dialog->close();
    }
    void itsSamplesAreWritten()
    {
        const QByteArray csv = written("export.range", m_run->folder().filePath(QStringLiteral("s.csv")));
        QVERIFY2(csv.contains("db_pool_usage"), csv.left(200).constData());
        QVERIFY2(csv.count('\n') > 200, QByteArray::number(csv.count('\n')).constData()); // five minutes, a row a second
    }
};

QTEST_MAIN(ReplayWindowTest)
#include "tst_replay_window.moc"
