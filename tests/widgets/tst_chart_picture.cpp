// A chart as PNG, SVG and PDF, and files that are written whole or not at all.
#include "widgets/charts/chart_picture.h"
#include "widgets/save_file.h"

#include <QFile>
#include <QImage>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

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

} // namespace

class ChartPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPngHasTheSizeAndTheLines()
    {
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Png, {640, 300}, 2});
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
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Svg, {640, 300}, 1});
        QSvgRenderer renderer(bytes);
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.viewBoxF().size(), QSizeF(640, 300));
        QVERIFY(bytes.contains("Usage of &lt;the&gt; pool &amp; co"));
        QVERIFY(bytes.contains("Poolscope "));
    }
    void aPdfIsOnePage()
    {
        const QByteArray bytes = widgets::chartPicture(model(), {PictureFormat::Pdf, {640, 300}, 1});
        QVERIFY(bytes.startsWith("%PDF-") && bytes.trimmed().endsWith("%%EOF"));
        QVERIFY(bytes.contains("/Count 1"));
    }
    void sizesAreKeptWithinReason()
    {
        const QImage image =
            QImage::fromData(widgets::chartPicture(model(), {PictureFormat::Png, {1, 1}, 0.01}), "PNG");
        QCOMPARE(image.size(), QSize(320, 200));
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
        QObject here;
        std::optional<QString> outcome;
        widgets::saveFile(folder.filePath("a"), "bytes", &here, [&](const QString& problem) { outcome = problem; });
        QTRY_VERIFY(outcome.has_value());
        QCOMPARE(*outcome, QString());
        QFile file(folder.filePath("a"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("bytes"));
    }
    void aFileThatCannotBeWrittenSaysWhy()
    {
        QObject here;
        std::optional<QString> outcome;
        widgets::saveFile("/nonexistent/folder/a", "bytes", &here, [&](const QString& problem) { outcome = problem; });
        QTRY_VERIFY(outcome.has_value());
        QVERIFY(!outcome->isEmpty());
    }
};

QTEST_MAIN(ChartPictureTest)
#include "tst_chart_picture.moc"
