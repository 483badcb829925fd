// Files of the range shown: asked for by keys, written while the window goes on, given up, and how it ended
// is told.
#include "tests/window/window_fixture.h"

#include "widgets/dialogs/picture_dialog.h"
#include "widgets/theme.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QMessageBox>
#include <QProgressDialog>
#include <QPushButton>
#include <QRegularExpression>
#include <QSet>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using window_test::Fixture;
using Kind = widgets::FileWish::Kind;

class TestWindowFiles : public QObject {
    Q_OBJECT

    // What the dialog asks for is answered with this path.
    static void choose(Fixture& f, const char* action, const QString& path)
    {
        f.window->actionList().find(QString::fromLatin1(action))->trigger();
        auto* dialog = f.window->findChild<QFileDialog*>(QStringLiteral("fileOfRange"));
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(path);
        dialog->reject();
    }
    static bool says(const Fixture& f, const QString& words)
    {
        const auto labels = f.window->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->text() == words; });
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(window_test::kWarnings)); }

    void rangeShownIsWritten()
    {
        Fixture f;
        std::atomic<int> written{0};
        widgets::FileWish asked; // written before the count
        f.commands.writeFile = [&](const widgets::FileWish& wish, const std::stop_token&,
                                   const std::function<void(double)>& progress) -> core::Result<void> {
            progress(0.5);
            asked = wish;
            ++written;
            return {};
        };
        f.window->show();
        f.show(120);
        choose(f, "export.range", QStringLiteral("/nowhere/a.jsonl"));
        QTRY_VERIFY_WITH_TIMEOUT(says(f, QStringLiteral("Written: /nowhere/a.jsonl")), 15'000);
        QCOMPARE(written.load(), 1);
        QCOMPARE(asked.kind, Kind::Samples);
        QCOMPARE(asked.path, QStringLiteral("/nowhere/a.jsonl"));
        QCOMPARE(std::chrono::milliseconds(asked.to - asked.from), f.window->range().length);
    }
    void reportIsOfferedToBeOpened()
    {
        Fixture f;
        f.commands.writeFile = [](const widgets::FileWish& wish, const std::stop_token&,
                                  const std::function<void(double)>&) -> core::Result<void> {
            return wish.kind == Kind::Report ? core::Result<void>() : core::fail("it is no report");
        };
        f.window->show();
        f.show(60);
        choose(f, "report", QStringLiteral("/nowhere/r.html"));
        QMessageBox* box = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((box = f.window->findChild<QMessageBox*>()) != nullptr, 15'000);
        QCOMPARE(box->text(), QStringLiteral("Written: /nowhere/r.html"));
        QCOMPARE(box->defaultButton()->text(), QStringLiteral("Open"));
        box->reject();
    }
    void givenUpIsTold()
    {
        Fixture f;
        f.commands.writeFile = [](const widgets::FileWish&, const std::stop_token& stop,
                                  const std::function<void(double)>& progress) -> core::Result<void> {
            while (!stop.stop_requested()) {
                progress(0.1);
                std::this_thread::yield();
            }
            return core::fail("given up", "CANCELED");
        };
        f.window->show();
        f.show(60);
        choose(f, "export.range", QStringLiteral("/nowhere/a.csv"));
        QProgressDialog* progress = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((progress = f.window->findChild<QProgressDialog*>()) != nullptr, 15'000);
        progress->findChild<QPushButton*>()->click();
        QTRY_VERIFY_WITH_TIMEOUT(says(f, QStringLiteral("Given up: nothing was written")), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.window->findChild<QProgressDialog*>() == nullptr, 15'000);
    }
    void failureSaysWhy()
    {
        Fixture f;
        f.commands.writeFile = [](const widgets::FileWish&, const std::stop_token&,
                                  const std::function<void(double)>&) -> core::Result<void> {
            return core::fail("cannot write a.csv: No space left on device", "ENOSPC");
        };
        f.window->show();
        f.show(60);
        choose(f, "export.range", QStringLiteral("/nowhere/a.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(
            says(f, QStringLiteral("Not written: /nowhere/a.csv: the disk is full")), 15'000);
    }
    void aPanelIsSavedAsAPictureAndStaysAsItWas_data()
    {
        QTest::addColumn<QString>("panel");
        QTest::addColumn<QString>("suffix");
        QTest::newRow("charts") << "overview" << "png";
        QTest::newRow("a page that scrolls") << "host" << "svg";
        QTest::newRow("a table") << "alerts" << "pdf";
    }
    void aPanelIsSavedAsAPictureAndStaysAsItWas()
    {
        QFETCH(QString, panel);
        QFETCH(QString, suffix);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("p.") + suffix);
        Fixture f;
        f.window->resize(1280, 800);
        f.window->show();
        f.show(60);
        f.window->openPanel(panel);
        widgets::Panel* shown = nullptr;
        for (widgets::Panel* each : f.window->findChildren<widgets::Panel*>()) {
            shown = each->isVisible() ? each : shown;
        }
        QVERIFY(shown);
        const QRect before = shown->geometry();
        widgets::PictureChoice::last() = {widgets::PictureFormat::Png, "1080", {1600, 900}, 1};
        f.window->actionList().find(QStringLiteral("picture"))->trigger();
        auto* dialog = f.window->findChild<widgets::PictureDialog*>();
        QVERIFY(dialog);
        widgets::PictureSpec spec = dialog->spec();
        QCOMPARE(spec.size, QSize(1920, 1080));
        spec.format = widgets::pictureFormatOf(path);
        Q_EMIT dialog->chosen(spec, path);
        QTRY_VERIFY_WITH_TIMEOUT(says(f, QStringLiteral("Written: ") + path), 15'000);
        QCOMPARE(shown->geometry(), before);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        if (suffix == QLatin1String("png")) {
            const QImage image = QImage::fromData(bytes);
            QCOMPARE(image.size(), QSize(1920, 1080));
            QSet<QRgb> colors; // it is no empty page
            for (int x = 0; x < image.width(); x += 3) {
                for (int y = 0; y < image.height(); y += 3) {
                    colors.insert(image.pixel(x, y));
                }
            }
            QVERIFY(colors.contains(widgets::Theme::of().palette().card.rgb()));
            QVERIFY(colors.contains(widgets::Theme::of().seriesColor(0).rgb()));
        } else if (suffix == QLatin1String("svg")) {
            QVERIFY(QSvgRenderer(bytes).isValid());
            QVERIFY(bytes.contains("Poolscope "));
            QVERIFY2(bytes.count("<text") > 30, bytes.left(4000).constData());
        } else {
            QVERIFY(bytes.startsWith("%PDF-") && bytes.contains("/Count 1"));
        }
        dialog->reject();
    }
    void closingTheWindowGivesUp()
    {
        std::atomic<bool> ended{false};
        {
            Fixture f;
            f.commands.writeFile = [&ended](const widgets::FileWish&, const std::stop_token& stop,
                                            const std::function<void(double)>&) -> core::Result<void> {
                while (!stop.stop_requested()) {
                    std::this_thread::yield();
                }
                ended = true;
                return core::fail("given up", "CANCELED");
            };
            f.window->show();
            f.show(60);
            choose(f, "export.range", QStringLiteral("/nowhere/a.csv"));
        }
        QVERIFY(ended);
    }
};

QTEST_MAIN(TestWindowFiles)
#include "tst_window_files.moc"
