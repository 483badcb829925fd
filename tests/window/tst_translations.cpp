// Chinese is complete: in the file, and on the screen after a switch while running.
#include "tests/window/window_fixture.h"
#include "widgets/panels/pool/pool_tab.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using window_test::Fixture;

namespace {

// What stays as it is in every language: names, units, numbers, words of the protocol, program texts of the
// demo.
bool staysEnglish(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral(
        "^(Poolscope|English|Etc/UTC|UTC|CPU|PostgreSQL|Prometheus|DEBUG|INFO|WARNING|ERROR|HTTP|CSV|DISCARD "
        "ALL|I/O|PSI|"
        "/|p50|p90|p95|p99|db|embedded|exhaustion|http://|n |[A-Z][a-z]+[A-Z])"));
    static const QRegularExpression word(QStringLiteral("[A-Za-z]{3,}"));
    static const QRegularExpression units(
        QStringLiteral("\\b(MiB|GiB|KiB|DejaVu|Asia|Shanghai|Ctrl|Esc|End|Poolscope|PostgreSQL|"
                       "CPU|UTC|CSV|HTTP|PSI|http|metrics|embedded|local)\\b"));
    QString rest = text;
    rest.remove(units);
    static const QRegularExpression chinese(QStringLiteral("\\p{Han}"));
    return chinese.match(text).hasMatch() || !word.match(rest).hasMatch() || plain.match(text).hasMatch();
}

QString textOf(const QWidget* widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(widget)) {
        return label->text();
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
        return button->text();
    }
    if (const auto* edit = qobject_cast<const QLineEdit*>(widget)) {
        return edit->placeholderText();
    }
    return {};
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(window_test::kWarnings)); }

    void everyTextOfTheSourceHasAFinishedTranslation()
    {
        const QString lupdate = QStringLiteral("/usr/lib/qt6/bin/lupdate");
        const QTemporaryDir folder;
        const QString fresh = folder.filePath(QStringLiteral("zh_CN.ts"));
        const QString source = QStringLiteral(POOLSCOPE_SOURCE_DIR);
        QVERIFY(QFile::copy(source + QStringLiteral("/resources/i18n/poolscope_zh_CN.ts"), fresh));
        QVERIFY(QFile::setPermissions(fresh, QFile::ReadOwner | QFile::WriteOwner));
        QProcess run;
        run.setWorkingDirectory(source);
        run.start(lupdate, {"-I", ".", "-no-obsolete", "-locations", "none", "-silent", "-extensions",
                            "cpp,h", "models", "widgets", "app", "-ts", fresh});
        QVERIFY(run.waitForFinished(30'000));
        QCOMPARE(run.exitCode(), 0);
        QFile file(fresh);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString text;
        QStringList unfinished;
        int count = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("source")) {
                text = xml.readElementText();
                ++count;
            } else if (xml.isStartElement() && xml.name() == QLatin1String("translation") &&
                       xml.attributes().value(QLatin1String("type")) == QLatin1String("unfinished")) {
                unfinished << text;
            }
        }
        QVERIFY(count > 300);
        QVERIFY2(unfinished.isEmpty(), qPrintable(unfinished.join(QStringLiteral(" | "))));
    }

    // File dialogs and standard buttons have Qt's own words (Debian: qt6-translations-l10n).
    void qtsOwnWordsAreChineseToo()
    {
        Fixture f({}, core::Lang::Chinese);
        QDialogButtonBox box(QDialogButtonBox::Save | QDialogButtonBox::Cancel | QDialogButtonBox::Close);
        for (const QAbstractButton* button : box.buttons()) {
            QVERIFY2(!button->text().contains(QRegularExpression(QStringLiteral("[a-z]{3}"))), qPrintable(button->text()));
        }
        QFileDialog dialog;
        dialog.setOption(QFileDialog::DontUseNativeDialog);
        for (const QLabel* label : dialog.findChildren<QLabel*>()) {
            QVERIFY2(!label->text().contains(QRegularExpression(QStringLiteral("[a-z]{3}"))), qPrintable(label->text()));
        }
    }

    void switchingWhileRunningLeavesNoEnglish()
    {
        Fixture f;
        f.window->show();
        QStringList panels{"overview", "latency", "host", "alerts", "scenarios", "log", "responses"};
        for (const widgets::PoolTabEntry& tab : widgets::poolTabs()) {
            panels << QStringLiteral("pool/") + QLatin1String(tab.id);
        }
        const auto open = [&f](const QString& panel) {
            f.window->openPanel(panel.section(QLatin1Char('/'), 0, 0), panel.section(QLatin1Char('/'), 1));
        };
        f.show(60);
        for (const QString& panel : panels) {
            open(panel); // made in English, then switched
        }
        f.window->setLanguage(core::Lang::Chinese);
        demo::FlowOptions options;
        options.lang = core::Lang::Chinese;
        demo::Flow chinese(options);
        const metrics::SnapshotPtr snapshot = chinese.runUntil(std::chrono::seconds(60));
        QStringList english;
        for (const QString& panel : panels) {
            open(panel);
            f.window->showSnapshot(snapshot);
            for (const QWidget* widget : f.window->findChildren<QWidget*>()) {
                if (!widget->isVisibleTo(f.window.get())) {
                    continue; // a hidden panel gets the engine's texts when it is shown
                }
                for (const QString& text : {textOf(widget), widget->toolTip(), widget->accessibleName()}) {
                    if (!staysEnglish(text)) {
                        english << QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') +
                                       text;
                    }
                }
            }
        }
        english.removeDuplicates();
        QVERIFY2(english.isEmpty(), qPrintable(english.join(QStringLiteral(" | "))));
        f.window->setLanguage(core::Lang::English);
        QVERIFY(f.window->windowTitle().startsWith(QStringLiteral("healthy")));
    }
};

QTEST_MAIN(TestTranslations)
#include "tst_translations.moc"
