// Paper: pages with everything on them, in both languages, whatever the text.
#include "app/report_layout.h"
#include "app/report_pages.h"
#include "monitor/report/compose.h"
#include "tests/report/sample_facts.h"

#include <QImage>
#include <QTest>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace {

int pagesOf(const QByteArray& pdf)
{
    return static_cast<int>(pdf.count("/Type /Page\n"));
}

} // namespace

class ReportPagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothLanguagesBecomePages()
    {
        for (const core::Lang lang : {core::Lang::English, core::Lang::Chinese}) {
            const QByteArray pdf = app::reportPdf(report::compose(testreport::facts(lang)));
            QVERIFY(pdf.startsWith("%PDF-"));
            QVERIFY(pdf.trimmed().endsWith("%%EOF"));
            QVERIFY(pagesOf(pdf) >= 1);
        }
    }
    void longTablesGoOnOnFurtherPagesAndLongWordsAreBroken()
    {
        report::Document document = report::compose(testreport::facts());
        const int before = pagesOf(app::reportPdf(document));
        report::Table table{
            {{"a", 1, report::Align::Left, true}, {"b", 1, report::Align::Right, false}}, {}, {}};
        for (int i = 0; i < 120; ++i) {
            table.rows.push_back({std::string(200, 'x'), std::to_string(i)});
        }
        document.blocks.emplace_back(table);
        QVERIFY(pagesOf(app::reportPdf(document)) > before + 2);
        const app::Words words(QString(5'000, 'x'), {app::codeFont(8), Qt::black}, 1'000);
        QVERIFY(words.height() > 10'000);
    }
    void wordsAreNotBrokenWhereOtherColumnsHaveRoom()
    {
        using report::Align;
        report::Table table{{{"Alert", 3, Align::Left, false}, {"Severity", 0.2, Align::Left, false}, {"Text", 6, Align::Left, false}},
                            {{"PoolUsageOver80", "warning", std::string(300, 'x')}, {"A", "critical", "short"}},
                            {}};
        const std::vector<double> widths = app::columnWidths(table);
        QCOMPARE(std::round(std::accumulate(widths.begin(), widths.end(), 0.0)), app::kContentWidth);
        for (const char* word : {"warning", "critical"}) {
            const app::Ink ink{app::cellFont(table.columns[1]), Qt::black};
            const double line = app::Words(QString::fromLatin1(word), ink, 10'000).height();
            QCOMPARE(app::Words(QString::fromLatin1(word), ink, widths[1] - app::gapAfter(table, 1)).height(), line);
        }
        for (report::Column& column : table.columns) { // too narrow for all of them: by weight
            column.title = std::string(18, 'W');
        }
        table.columns.resize(3);
        for (int i = 0; i < 9; ++i) {
            table.columns.push_back(table.columns[0]);
        }
        const std::vector<double> many = app::columnWidths(table);
        QCOMPARE(many[3], many[0]);
        QVERIFY(many[1] < many[0]);
    }
    void piecesThatDoNotFitBeginAPage()
    {
        app::PageStack pages;
        std::vector<double> tops;
        for (int i = 0; i < 3; ++i) {
            pages.put(4'000, [&tops](QPainter&, double top) { tops.push_back(top); });
        }
        QCOMPARE(pages.count(), std::size_t(3));
        QImage image(8, 8, QImage::Format_RGB32);
        QPainter painter(&image);
        for (std::size_t page = 0; page < pages.count(); ++page) {
            pages.paint(painter, page);
        }
        QCOMPARE(tops, (std::vector<double>{app::kMargin, app::kMargin, app::kMargin}));
    }
};

QTEST_MAIN(ReportPagesTest)
#include "tst_report_pages.moc"
