// The same samples in a real Prometheus and in ours, the same questions to both: generated expressions, and
// mistakes.
#include "monitor/core/format.h"
#include "monitor/promql/querier.h"
#include "monitor/promql/text.h"
#include "monitor/series/head.h"
#include "tests/promql/differential_questions.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <map>
#include <random>

using namespace promql_test;

namespace {

constexpr std::int64_t kStart = 1'700'000'000'000; // ms
constexpr std::int64_t kNow = kStart + 2'400'000;

struct Line {
    metrics::Labels labels;
    std::vector<series::Sample> samples;
};

// Gauges, counters with resets, a histogram; jitter, gaps, a NaN, an Inf.
std::vector<Line> history()
{
    std::mt19937 random(42);
    std::vector<Line> lines;
    const auto walk = [&](metrics::Labels labels, double step, bool counter) {
        Line line{std::move(labels), {}};
        double value = counter ? 0 : 50;
        const auto gap = static_cast<std::int64_t>(random() % 60);
        for (std::int64_t i = 0; i < 180; ++i) {
            const double change = static_cast<double>(random() % 1000) / 1000 * step;
            value = counter ? value + change : value + change - step / 2;
            if (counter && random() % 50 == 0) {
                value = 0;
            }
            if (i < gap || i > gap + 25) {
                line.samples.push_back(
                    {kStart + i * 15'000 + static_cast<std::int64_t>(random() % 200), value});
            }
        }
        lines.push_back(std::move(line));
    };
    for (const char* job : {"api", "web"}) {
        for (const char* instance : {"0", "1", "2"}) {
            walk({{"__name__", "g"}, {"instance", instance}, {"job", job}}, 10, false);
            walk({{"__name__", "c_total"}, {"instance", instance}, {"job", job}}, 20, true);
        }
        walk({{"__name__", "one"}, {"job", job}}, 3, false);
        double scale = 1;
        for (const char* le : {"0.1", "1.0", "10.0", "+Inf"}) {
            walk({{"__name__", "h_bucket"}, {"job", job}, {"le", le}}, 5 * (scale *= 2), true);
        }
    }
    lines[0].samples[100].value = std::nan("");
    lines[1].samples[120].value = INFINITY;
    return lines;
}

QString keyOf(const QJsonObject& labels)
{
    return QString::fromUtf8(QJsonDocument(labels).toJson(QJsonDocument::Compact));
}

bool close(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || a == b ||
           std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

double numberOf(const QJsonValue& value)
{
    double number = std::nan("");
    (void)promql::parseFloat(value.toString().toStdString(), number);
    return number;
}

} // namespace

class TstDifferential final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        const auto lines = history();
        QFile file(m_folder.filePath(QStringLiteral("data.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        std::map<std::int64_t, std::vector<series::NamedSample>> byTime;
        QString name;
        for (const char* wanted : {"g", "c_total", "one", "h_bucket"}) {
            file.write(QByteArray("# TYPE ") + wanted + " unknown\n");
            for (const Line& line : lines) {
                if (line.labels.front().second != wanted) {
                    continue;
                }
                for (const series::Sample& sample : line.samples) {
                    byTime[sample.at].push_back({line.labels, sample.value});
                    file.write(QByteArray::fromStdString(series::labelsText(line.labels)).replace(", ", ",") +
                               ' ' + QByteArray::fromStdString(core::numberText(sample.value)) + ' ' +
                               QByteArray::number(sample.at / 1000) + '.' +
                               QByteArray::number(sample.at % 1000).rightJustified(3, '0') + '\n');
                }
            }
        }
        file.write("# EOF\n");
        file.close();
        for (const auto& [at, samples] : byTime) {
            m_head.append(at, samples);
        }
        startPrometheus();
    }

    void cleanupTestCase()
    {
        m_server.terminate();
        QVERIFY(m_server.waitForFinished());
    }

    void everyExpressionGivesTheSame()
    {
        const QStringList all = expressions() + nested(240);
        QVERIFY2(QSet<QString>(all.begin(), all.end()).size() >= 600,
                 qPrintable(QString::number(all.size())));
        const QList<QJsonObject> theirs =
            ask(all, QStringLiteral("query"), {QStringLiteral("time=%1").arg(kNow / 1000)});
        QCOMPARE(theirs.size(), all.size());
        int different = 0;
        for (qsizetype i = 0; i < all.size(); ++i) {
            const auto ours = m_querier.query(all[i].toStdString(), kNow);
            const QString problem = compare(theirs[i], ours);
            if (!problem.isEmpty()) {
                qInfo("%s: %s", qPrintable(all[i]), qPrintable(problem));
                ++different;
            }
        }
        QCOMPARE(different, 0);
    }

    void everyExpressionGivesTheSameOverARange()
    {
        QStringList all = expressions() + nested(240);
        // Prometheus 2.42 lets the window of predict_linear(x[5m] @ t, …) wander with the step, against its
        // own documentation of @; ours stays at t.
        all.removeIf(
            [](const QString& text) { return text.startsWith(QLatin1String("predict_linear(g[5m] @")); });
        const promql::Grid grid{kStart + 600'000, kStart + 2'000'000, 47'000};
        const QList<QJsonObject> theirs = ask(all, QStringLiteral("query_range"),
                                              {QStringLiteral("start=%1").arg(grid.start / 1000),
                                               QStringLiteral("end=%1").arg(grid.end / 1000),
                                               QStringLiteral("step=%1").arg(grid.step / 1000)});
        QCOMPARE(theirs.size(), all.size());
        int different = 0;
        for (qsizetype i = 0; i < all.size(); ++i) {
            const QString problem = compare(theirs[i], m_querier.queryRange(all[i].toStdString(), grid));
            if (!problem.isEmpty()) {
                qInfo("%s: %s", qPrintable(all[i]), qPrintable(problem));
                ++different;
            }
        }
        QCOMPARE(different, 0);
    }

    void everyMistakeIsRefusedInTheSameWords()
    {
        const QStringList all = mistakes();
        const QList<QJsonObject> theirs =
            ask(all, QStringLiteral("query"), {QStringLiteral("time=%1").arg(kNow / 1000)});
        int different = 0;
        for (qsizetype i = 0; i < all.size(); ++i) {
            const auto ours = m_querier.query(all[i].toStdString(), kNow);
            QString wanted = theirs[i][QLatin1String("error")].toString();
            wanted.remove(QStringLiteral("invalid parameter \"query\": "));
            const QString got =
                ours ? QStringLiteral("(accepted)") : QString::fromStdString(ours.error().message);
            // Which pattern is wrong is said by RE2 in other words than by Go; which of two series comes
            // first is chance.
            const bool loose =
                wanted.contains(QLatin1String("regexp")) || wanted.contains(QLatin1String("found duplicate"));
            if (loose ? got.left(30) != wanted.left(30) : got != wanted) {
                qInfo("%s: wanted %s, got %s", qPrintable(all[i]), qPrintable(wanted), qPrintable(got));
                ++different;
            }
        }
        QCOMPARE(different, 0);
    }

private:
    void startPrometheus()
    {
        const QString data = m_folder.filePath(QStringLiteral("data"));
        QProcess import;
        import.setProcessChannelMode(QProcess::MergedChannels);
        import.start(QStringLiteral("promtool"),
                     {QStringLiteral("tsdb"), QStringLiteral("create-blocks-from"),
                      QStringLiteral("openmetrics"), m_folder.filePath(QStringLiteral("data.txt")), data});
        QVERIFY(import.waitForStarted() && import.waitForFinished());
        QVERIFY2(import.exitCode() == 0, import.readAll().constData());
        QFile config(m_folder.filePath(QStringLiteral("p.yml")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.close();
        m_address = QStringLiteral("127.0.0.1:%1").arg(20'000 + QCoreApplication::applicationPid() % 20'000);
        m_server.setProcessChannelMode(QProcess::MergedChannels);
        m_server.setStandardOutputFile(m_folder.filePath(QStringLiteral("log")));
        m_server.start(QStringLiteral("prometheus"), {QStringLiteral("--config.file=") + config.fileName(),
                                                      QStringLiteral("--storage.tsdb.path=") + data,
                                                      QStringLiteral("--storage.tsdb.retention.time=100y"),
                                                      QStringLiteral("--web.listen-address=") + m_address});
        QVERIFY2(m_server.waitForStarted(), "prometheus (package prometheus) is needed");
        QProcess ready;
        ready.start(QStringLiteral("curl"),
                    {QStringLiteral("-sf"), QStringLiteral("--retry"), QStringLiteral("40"),
                     QStringLiteral("--retry-all-errors"), QStringLiteral("--retry-delay"),
                     QStringLiteral("1"), QStringLiteral("http://%1/-/ready").arg(m_address)});
        QVERIFY(ready.waitForStarted() && ready.waitForFinished());
        QCOMPARE(ready.exitCode(), 0);
    }

    // One process for all questions; one answer a line.
    QList<QJsonObject> ask(const QStringList& queries, const QString& endpoint, const QStringList& parameters)
    {
        QFile config(m_folder.filePath(QStringLiteral("curl.txt")));
        if (!config.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
            return {};
        }
        const auto quoted = [](const QString& text) -> QByteArray {
            return "\"" +
                   QString(text)
                       .replace(QLatin1Char('\\'), QLatin1String("\\\\"))
                       .replace(QLatin1Char('"'), QLatin1String("\\\""))
                       .replace(QLatin1Char('\n'), QLatin1String("\\n"))
                       .toUtf8() +
                   "\"\n";
        };
        for (const QString& query : queries) {
            config.write("silent\nwrite-out = \"\\n\"\nurl = " +
                         quoted(QStringLiteral("http://%1/api/v1/%2").arg(m_address, endpoint)));
            config.write("data-urlencode = " + quoted(QStringLiteral("query=") + query));
            for (const QString& parameter : parameters) {
                config.write("data = " + quoted(parameter));
            }
            config.write("next\n");
        }
        config.close();
        QProcess curl;
        curl.start(QStringLiteral("curl"), {QStringLiteral("-K"), config.fileName()});
        if (!curl.waitForStarted() || !curl.waitForFinished(60'000)) {
            return {};
        }
        QList<QJsonObject> answers;
        for (const QByteArray& line : curl.readAllStandardOutput().split('\n')) {
            if (!line.trimmed().isEmpty()) {
                answers << QJsonDocument::fromJson(line).object();
            }
        }
        return answers;
    }

    static QString compare(const QJsonObject& theirs, const core::Result<promql::QueryResult>& ours)
    {
        const bool accepted = theirs[QLatin1String("status")].toString() == QLatin1String("success");
        if (accepted != ours.has_value()) {
            return accepted ? QString::fromStdString(ours.error().message)
                            : theirs[QLatin1String("error")].toString();
        }
        if (!accepted) {
            return {};
        }
        const QJsonObject data = theirs[QLatin1String("data")].toObject();
        const QJsonArray result = data[QLatin1String("result")].toArray();
        const QString type = data[QLatin1String("resultType")].toString();
        if (type == QLatin1String("string")) {
            return result[1].toString() == QString::fromStdString(ours->text) ? QString()
                                                                              : QStringLiteral("text");
        }
        if (type == QLatin1String("scalar")) {
            return close(numberOf(result[1]), ours->series.front().points.front().value)
                       ? QString()
                       : QStringLiteral("scalar");
        }
        std::map<QString, const metrics::PointSeries*> known;
        for (const auto& series : ours->series) {
            QJsonObject labels;
            for (const auto& [name, value] : series.labels) {
                labels[QString::fromStdString(name)] = QString::fromStdString(value);
            }
            known[keyOf(labels)] = &series;
        }
        if (known.size() != static_cast<std::size_t>(result.size())) {
            return QStringLiteral("%1 series instead of %2").arg(known.size()).arg(result.size());
        }
        for (const QJsonValue& one : result) {
            const QString key = keyOf(one[QLatin1String("metric")].toObject());
            if (!known.contains(key)) {
                return QStringLiteral("missing ") + key;
            }
            const QJsonArray points = type == QLatin1String("vector")
                                          ? QJsonArray{one[QLatin1String("value")]}
                                          : one[QLatin1String("values")].toArray();
            const auto& mine = known[key]->points;
            if (mine.size() != static_cast<std::size_t>(points.size())) {
                return QStringLiteral("%1 points instead of %2 of %3")
                    .arg(mine.size())
                    .arg(points.size())
                    .arg(key);
            }
            for (qsizetype i = 0; i < points.size(); ++i) {
                const double wanted = numberOf(points[i].toArray()[1]);
                const auto& point = mine[static_cast<std::size_t>(i)];
                if (!close(wanted, point.value) ||
                    std::llround(points[i].toArray()[0].toDouble() * 1000) != point.at) {
                    return QStringLiteral("%1 instead of %2 of %3")
                        .arg(point.value, 0, 'g', 17)
                        .arg(wanted, 0, 'g', 17)
                        .arg(key);
                }
            }
        }
        return {};
    }

    QTemporaryDir m_folder;
    QProcess m_server;
    QString m_address;
    series::Head m_head;
    promql::Querier m_querier{m_head};
};

QTEST_GUILESS_MAIN(TstDifferential)
#include "tst_differential.moc"
