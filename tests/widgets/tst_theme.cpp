// The palette holds what WCAG asks: 3:1 for graphics, 4.5:1 for text, in both themes.
#include "widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QRegularExpression>
#include <QTest>

#include <set>

using widgets::StatusLevel;
using widgets::Theme;
using widgets::ThemeMode;

namespace {

constexpr StatusLevel kLevels[] = {StatusLevel::Ok,       StatusLevel::Pending, StatusLevel::Warning,
                                   StatusLevel::Critical, StatusLevel::NoData,  StatusLevel::Error};

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void everyThemeIsReadable_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("dark") << static_cast<int>(ThemeMode::Dark);
        QTest::newRow("light") << static_cast<int>(ThemeMode::Light);
    }
    void everyThemeIsReadable()
    {
        QFETCH(int, mode);
        Theme& theme = Theme::of();
        theme.apply(static_cast<ThemeMode>(mode));
        const widgets::Palette& p = theme.palette();
        for (const QColor& back : {p.card, p.window}) {
            QVERIFY(Theme::contrast(p.text, back) >= 7);
            QVERIFY(Theme::contrast(p.muted, back) >= 4.5);
        }
        for (int i = 0; i < 8; ++i) {
            QVERIFY2(Theme::contrast(theme.seriesColor(i), p.card) >= 3, qPrintable(QString::number(i)));
        }
        for (const StatusLevel level : kLevels) {
            QVERIFY2(Theme::contrast(theme.color(level), p.card) >= 3, qPrintable(Theme::word(level)));
            QVERIFY(Theme::contrast(theme.ink(level), p.card) >= 4.5);
            QVERIFY(Theme::contrast(theme.ink(level), theme.tint(level)) >= 4.5);
        }
    }
    void contrastIsTheOneOfTheStandard()
    {
        QCOMPARE(qRound(Theme::contrast(Qt::black, Qt::white) * 10), 210);
        QCOMPARE(qRound(Theme::contrast(QColor(0x0072B2), Qt::white) * 10), 52);
    }
    void everyLevelHasAShapeAndAWordOfItsOwn()
    {
        std::set<QByteArray> shapes;
        std::set<QString> words;
        for (const StatusLevel level : kLevels) {
            QImage image(32, 32, QImage::Format_ARGB32);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            Theme::drawShape(painter, QRectF(4, 4, 24, 24), level, Qt::white);
            painter.end();
            shapes.insert(QByteArray(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()));
            words.insert(Theme::word(level));
        }
        QCOMPARE(shapes.size(), std::size(kLevels));
        QCOMPARE(words.size(), std::size(kLevels));
    }
    void switchingReplacesPaletteAndTells()
    {
        Theme& theme = Theme::of();
        theme.apply(ThemeMode::Dark);
        int told = 0;
        const auto connection = connect(&theme, &Theme::changed, this, [&] { ++told; });
        theme.apply(ThemeMode::Light);
        QCOMPARE(told, 1);
        QCOMPARE(qApp->palette().color(QPalette::Window), theme.palette().window);
        QVERIFY(!theme.palette().dark);
        disconnect(connection);
    }
};

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    ThemeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_theme.moc"
