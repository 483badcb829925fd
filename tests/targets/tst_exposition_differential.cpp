// Our reader of pages beside Prometheus' own Python library: the same pages, the same samples.
#include "monitor/series/label_ops.h"
#include "monitor/targets/exposition_parser.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>

using targets::TextFormat;

namespace {

using Seen = std::map<metrics::Labels, std::pair<double, std::optional<std::int64_t>>>;

// Sound pages of everything the formats allow.
class PageMaker {
public:
    explicit PageMaker(unsigned seed)
        : m_random(seed)
    {
    }
    std::string page(TextFormat format)
    {
        std::string text;
        const int families = static_cast<int>(pick(6)) + 1;
        for (int i = 0; i < families; ++i) {
            text += family("m" + std::to_string(i) + (pick(2) != 0 ? ":x" : "_y"), format);
        }
        return text + (format == TextFormat::OpenMetrics ? "# EOF\n" : "");
    }

private:
    std::size_t pick(std::size_t below) { return m_random() % below; }

    // A counter's family is named with _total in the older format, and without it in OpenMetrics. (The library trips over a brace
    // within an exemplar; tst_exposition_parser has that.)
    std::string family(const std::string& name, TextFormat format)
    {
        const bool counter = pick(2) != 0;
        const std::string sample = name + (counter ? "_total" : "");
        const std::string described = format == TextFormat::OpenMetrics ? name : sample;
        std::string text = "# HELP " + described + " some \\\\ help\\n\n";
        text += "# TYPE " + described + (counter ? " counter\n" : " gauge\n");
        const std::size_t rows = pick(4) + 1;
        for (std::size_t row = 0; row < rows; ++row) {
            text += sample + "{row=\"" + std::to_string(row) + '"' + moreLabels() + "} " + (counter ? "17.5" : value());
            text += time(format);
            text += format == TextFormat::OpenMetrics && counter && pick(2) != 0 ? " # {id=\"ab\"} 0.5 1.25\n" : "\n";
        }
        return text;
    }
    std::string moreLabels()
    {
        static constexpr std::array kValues{"",  "plain", "a\\\\b", "say \\\"x\\\"", "l1\\nl2",
                                            "}", "{",     ",x=",    "连接",          " "};
        std::string text;
        for (std::size_t i = pick(4); i > 0; --i) {
            text += ",l" + std::to_string(i) + "=\"" + kValues[pick(kValues.size())] + '"';
        }
        return text;
    }
    std::string value()
    {
        static constexpr std::array kValues{"0",
                                            "-0.0",
                                            "1",
                                            "1e3",
                                            "-2.5e-07",
                                            "+Inf",
                                            "-Inf",
                                            "NaN",
                                            "123456789012345680",
                                            "1.7976931348623157e+308",
                                            "4.9e-324"};
        return kValues[pick(kValues.size())];
    }
    std::string time(TextFormat format)
    {
        if (pick(2) == 0) {
            return {};
        }
        return format == TextFormat::OpenMetrics ? " 1395066363.125" : " 1395066363125";
    }

    std::mt19937 m_random;
};

std::string nameOf(int number, TextFormat format)
{
    return std::to_string(number) + (format == TextFormat::OpenMetrics ? ".om" : ".txt");
}

bool same(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

Seen theirs(const QJsonArray& samples)
{
    Seen seen;
    for (const QJsonValue& item : samples) {
        const QJsonArray triple = item.toArray();
        metrics::Labels labels;
        const QJsonObject named = triple.at(0).toObject();
        for (auto label = named.begin(); label != named.end(); ++label) {
            labels.emplace_back(label.key().toStdString(), label.value().toString().toStdString());
        }
        const double value = targets::parseValue(triple.at(1).toString().toStdString()).value_or(-12345);
        const auto at = triple.at(2).isNull() ? std::nullopt : std::optional(triple.at(2).toInteger());
        seen.try_emplace(series::normalized(labels), value, at);
    }
    return seen;
}

} // namespace

class ExpositionDifferentialTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void bothReadersSeeTheSame()
    {
        constexpr int kPages = 300;
        QTemporaryDir folder;
        std::vector<std::pair<TextFormat, std::string>> pages;
        QStringList arguments{QStringLiteral(PAGE_TEXT_PY)};
        PageMaker maker(20261126);
        for (int i = 0; i < kPages; ++i) {
            const auto format = i % 2 == 0 ? TextFormat::Text : TextFormat::OpenMetrics;
            pages.emplace_back(format, maker.page(format));
            QFile file(folder.filePath(QString::fromStdString(nameOf(i, format))));
            QVERIFY(file.open(QFile::WriteOnly));
            file.write(QByteArray::fromStdString(pages.back().second));
            arguments << file.fileName();
        }
        QProcess python;
        python.start(QStringLiteral(POOLSCOPE_PYTHON), arguments);
        QVERIFY(python.waitForFinished(50'000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
        for (const auto& [format, text] : pages) {
            const QJsonDocument answer = QJsonDocument::fromJson(python.readLine());
            QVERIFY2(answer.isArray(), text.c_str());
            compare(theirs(answer.array()), targets::parsePage(text, format), text);
        }
    }

private:
    static void compare(const Seen& wanted, const targets::Page& page, const std::string& text)
    {
        QVERIFY2(page.faults.badLines == 0, (page.faults.firstReason + '\n' + text).c_str());
        QVERIFY2(page.samples.size() == wanted.size(), text.c_str());
        for (const targets::PageSample& sample : page.samples) {
            const auto found = wanted.find(sample.labels);
            const std::string where = series::labelsText(sample.labels) + " = " + std::to_string(sample.value) + " in\n" + text;
            QVERIFY2(found != wanted.end(), where.c_str());
            QVERIFY2(same(found->second.first, sample.value), where.c_str());
            QVERIFY2(found->second.second == sample.at, where.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(ExpositionDifferentialTest)
#include "tst_exposition_differential.moc"
