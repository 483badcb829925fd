// A chart as PNG, SVG and PDF, and files that are written whole or not at all.
#include "widgets/charts/chart_picture.h"
#include "widgets/dialogs/picture_dialog.h"
#include "widgets/save_file.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QPointer>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>

using widgets::PictureFormat;

namespace {

widgets::PlotModel model()
{
    widgets::PlotModel model;
    model.spec = {"Usage of <the> pool & co", core::Unit::Ratio, 1.0, {{"in use"}, {"idle", 1}}};
    model.data.resize(2);
    model.end = 1'700'000'000'000;
    model.live = false;
    for (int i = 0; i < 300; ++i) {
        model.data[0].append(model.start() + i * 1000, 0.5, 2500);
        model.data[1].append(model.start() + i * 1000, i / 300.0, 2500);
    }
    return model;
}

// How many lines across are drawn in this colour.
int gridLines(const QString& svg, const QString& colour)
{
    const QRegularExpression group(QStringLiteral("<g [^>]*stroke=\"%1\"[^>]*>(.*?)</g>").arg(colour),
                                   QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpression line(QStringLiteral("<(?:path|polyline|line)[^>]*>"));
    int lines = 0;
    for (auto match = group.globalMatch(svg); match.hasNext();) {
        for (auto drawn = line.globalMatch(match.next().captured(1)); drawn.hasNext(); drawn.next()) {
            ++lines;
        }
    }
    return lines;
}

} // namespace

class ChartPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPngHasTheSizeAndTheLines()
    {
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Png, {640, 300}, 2})();
        const QImage image = QImage::fromData(bytes, "PNG");
        QCOMPARE(image.size(), QSize(1280, 600));
        const QColor line = widgets::Theme::of().seriesColor(0);
        int found = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                found += image.pixelColor(x, y) == line ? 1 : 0;
            }
        }
        QVERIFY2(found > 500, qPrintable(QString::number(found)));
    }
    void anSvgIsWellFormedAndScales()
    {
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Svg, {640, 300}, 1})();
        QSvgRenderer renderer(bytes);
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.viewBoxF().size(), QSizeF(640, 300));
        QVERIFY(bytes.contains("Usage of &lt;the&gt; pool &amp; co"));
        QVERIFY(bytes.contains("Poolscope "));
    }
    // Qt Charts moves its grid on a later event than the one that changes the steps.
    void linesOfTheGridStandWhereTheLabelsDo_data()
    {
        QTest::addColumn<int>("height");
        for (const int height : {200, 300, 420, 900}) {
            QTest::addRow("%d", height) << height;
        }
    }
    void linesOfTheGridStandWhereTheLabelsDo()
    {
        QFETCH(int, height);
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Svg, {640, height}, 1})();
        const QString text = QString::fromUtf8(bytes);
        const QString grid = widgets::Theme::of().palette().grid.name();
        const QRegularExpression labels(QStringLiteral(">[0-9]+ %<"));
        int said = 0;
        for (auto match = labels.globalMatch(text); match.hasNext(); match.next()) {
            ++said;
        }
        QCOMPARE(gridLines(text, grid), said);
    }
    void aPdfIsOnePage()
    {
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Pdf, {640, 300}, 1})();
        QVERIFY(bytes.startsWith("%PDF-") && bytes.trimmed().endsWith("%%EOF"));
        QVERIFY(bytes.contains("/Count 1"));
    }
    void sizesAreKeptWithinReason()
    {
        const QImage image =
            QImage::fromData(widgets::chartPicture(model(), {PictureFormat::Png, {1, 1}, 0.01})(), "PNG");
        QCOMPARE(image.size(), QSize(320, 200));
    }
    void aPngTellsItsDensity()
    {
        const QImage image = QImage::fromData(widgets::chartPicture(model(), {PictureFormat::Png, {640, 300}, 3})(), "PNG");
        QCOMPARE(qRound(image.dotsPerMeterX() * 0.0254), 288);
    }
    void aPictureHasNoMoreThanSixtyFourMillionPixels()
    {
        const widgets::PictureSpec fit = widgets::fitPicture({PictureFormat::Png, {9000, 4000}, 8});
        QCOMPARE(fit.size, QSize(8000, 4000));
        QVERIFY(fit.size.width() * fit.density * fit.size.height() * fit.density <= 64.1e6);
        QVERIFY(fit.density >= 1);
        QCOMPARE(widgets::fitPicture({PictureFormat::Png, {1920, 1080}, 3}).density, 3.0);
    }
    void aLegendThatIsTooLongTakesRowsOfItsOwn()
    {
        widgets::PlotModel many = model();
        many.spec.series.clear();
        for (int i = 0; i < 16; ++i) {
            many.spec.series.push_back({QStringLiteral("processor number %1").arg(i), i % 8});
        }
        many.data.resize(16);
        const QByteArray bytes = widgets::chartPicture(many, {PictureFormat::Svg, {640, 400}, 1})();
        const QRegularExpression texts(QStringLiteral("x=\"([-0-9.]+)\"[^>]*>processor number"));
        int seen = 0;
        for (auto match = texts.globalMatch(QString::fromUtf8(bytes)); match.hasNext(); ++seen) {
            const double x = match.next().captured(1).toDouble();
            QVERIFY2(x >= 0 && x < 600, qPrintable(QString::number(x)));
        }
        QCOMPARE(seen, 16);
    }
    void theChoiceIsRememberedAsText()
    {
        widgets::PictureChoice choice{PictureFormat::Pdf, "a4", {1000, 700}, 3};
        const widgets::PictureChoice again = widgets::PictureChoice::fromText(choice.toText());
        QCOMPARE(again.format, PictureFormat::Pdf);
        QCOMPARE(again.size, QByteArray("a4"));
        QCOMPARE(again.own, QSize(1000, 700));
        QCOMPARE(again.density, 3.0);
        const widgets::PictureChoice foreign = widgets::PictureChoice::fromText("gif huge -4x99999999999 1e9");
        QCOMPARE(foreign.toText(), widgets::PictureChoice().toText());
        QCOMPARE(widgets::PictureChoice::fromText("").toText(), widgets::PictureChoice().toText());
        QCOMPARE(widgets::PictureChoice::fromText("png own 1x999999 2").own, QSize(320, 8000));
    }
    void theDialogGivesWhatWasChosen()
    {
        widgets::PictureChoice::last() = {};
        QPointer dialog = new widgets::PictureDialog(QStringLiteral("A picture"), {700, 300}, QStringLiteral("name"), nullptr);
        dialog->show();
        QCOMPARE(dialog->spec().size, QSize(700, 300));
        auto* size = dialog->findChild<QComboBox*>(QStringLiteral("picture.size"));
        auto* outcome = dialog->findChild<QLabel*>(QStringLiteral("picture.outcome"));
        size->setCurrentIndex(size->findData(QByteArray("1080")));
        QCOMPARE(dialog->spec().size, QSize(1920, 1080));
        QCOMPARE(outcome->text(), QStringLiteral("3840 × 2160 pixels"));
        auto* format = dialog->findChild<QComboBox*>(QStringLiteral("picture.format"));
        format->setCurrentIndex(format->findData(static_cast<int>(PictureFormat::Pdf)));
        size->setCurrentIndex(size->findData(QByteArray("a4")));
        QVERIFY(outcome->text().startsWith(QStringLiteral("297 × 210 mm")));
        QVERIFY(!dialog->findChild<QComboBox*>(QStringLiteral("picture.density"))->isEnabled());
        widgets::PictureSpec spec;
        QString file;
        connect(dialog, &widgets::PictureDialog::chosen, this, [&](const widgets::PictureSpec& wanted, const QString& path) {
            spec = wanted;
            file = path;
        });
        QTest::keyClick(dialog, Qt::Key_Return); // the default button
        auto* chooser = dialog->findChild<QFileDialog*>(QStringLiteral("pictureFile"));
        QVERIFY(chooser);
        Q_EMIT chooser->fileSelected(QStringLiteral("/nowhere/a.svg"));
        QCOMPARE(file, QStringLiteral("/nowhere/a.svg"));
        QCOMPARE(spec.format, PictureFormat::Svg); // what was typed wins
        QCOMPARE(spec.size, QSize(1123, 794));
        QTRY_VERIFY(dialog.isNull());
        QCOMPARE(widgets::PictureChoice::last().size, QByteArray("a4"));
    }
    void theFormatIsTheNames()
    {
        QCOMPARE(widgets::pictureFormatOf("a.SVG"), PictureFormat::Svg);
        QCOMPARE(widgets::pictureFormatOf("a.pdf"), PictureFormat::Pdf);
        QCOMPARE(widgets::pictureFormatOf("pdf"), PictureFormat::Png);
    }
    void filesAreWrittenAsideAndTold()
    {
        const QTemporaryDir folder;
        QWidget here;
        QString told;
        std::atomic<QThread*> writer{nullptr};
        const auto make = [&writer](const models::TextSink& sink) {
            writer = QThread::currentThread();
            return sink("by", 0.5) && sink("tes", 1);
        };
        widgets::saveFile(folder.filePath("a"), make, &here, [&](const QString& words) { told = words; });
        QTRY_COMPARE(told, QStringLiteral("Written: ") + folder.filePath("a"));
        QVERIFY(writer.load() != nullptr && writer.load() != QThread::currentThread());
        QFile file(folder.filePath("a"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("bytes"));
    }
    void nothingIsWrittenOfAPictureThatCannotBeMade()
    {
        const QTemporaryDir folder;
        QWidget here;
        QString told;
        widgets::saveFile(folder.filePath("a"), widgets::bytesOf([] { return QByteArray(); }), &here,
                          [&](const QString& words) { told = words; });
        QTRY_VERIFY2(told.startsWith("Not written: "), qPrintable(told));
        QVERIFY(QDir(folder.path()).isEmpty(QDir::Files | QDir::Hidden));
    }
    void aFileThatCannotBeWrittenSaysWhy()
    {
        QWidget here;
        QString told;
        widgets::saveFile("/nonexistent/folder/a", widgets::bytesOf([] { return QByteArray("bytes"); }), &here,
                          [&](const QString& words) { told = words; });
        QTRY_COMPARE(told, QStringLiteral("Not written: /nonexistent/folder/a: its folder is not there"));
    }
};

QTEST_MAIN(ChartPictureTest)
#include "tst_chart_picture.moc"
