// Both documents' rules in a real Prometheus that scrapes our endpoint, over the same half hour of edge
// cases: what it had pending and firing at each of its evaluations, and the words it had for it, is what our
// engine makes of the samples it scraped. The half hour is played faster (POOLSCOPE_DOCUMENT_SPEED, 60 times
// by default; 1 takes the rule files as they are), spans in the rules shrink with it.
#include "document_stories.h"
#include "monitor/alert/rule_engine.h"
#include "monitor/net/endpoint.h"
#include "monitor/net/http_server.h"
#include "scraping_prometheus.h"
#include "tests/net/fake_backend.h"

#include <QDateTime>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <yaml-cpp/yaml.h>

#include <memory>
#include <tuple>

using documents::Samples;
using documents::ScrapingPrometheus;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLate =
    6;                       // evaluations of a group that began before the scrape just made could be seen
constexpr int kRenames = 60; // of a group, each gives it another place within the interval
const std::string kBeat = "documents:evaluated";

using Words = std::map<std::string, std::string>; // annotations
// What the rules page said: words and state of each alert, by group and evaluation.
using Page = std::map<std::tuple<std::string, std::int64_t, metrics::Labels>, Words>;

int speed()
{
    return std::max(1, qEnvironmentVariableIntValue("POOLSCOPE_DOCUMENT_SPEED") != 0
                           ? qEnvironmentVariableIntValue("POOLSCOPE_DOCUMENT_SPEED")
                           : 60);
}

std::chrono::milliseconds step()
{
    return std::chrono::milliseconds(documents::kStep * 1000 / speed());
}

// "5m" as "5000ms" when time runs 60 times as fast.
QString shrunk(const QString& number, const QString& unit)
{
    const int factor = unit == QLatin1String("m") ? 60'000 : 1'000;
    return QStringLiteral("%1ms").arg(number.toInt() * factor / speed());
}

QString replaced(QString text, const QRegularExpression& pattern,
                 const std::function<QString(const QRegularExpressionMatch&)>& by)
{
    qsizetype at = 0;
    for (auto match = pattern.match(text, at); match.hasMatch(); match = pattern.match(text, at)) {
        const QString fresh = by(match);
        text.replace(match.capturedStart(), match.capturedLength(), fresh);
        at = match.capturedStart() + fresh.size();
    }
    return text;
}

// The same rule for the faster time: spans shrink, and rates, which are per second, grow.
QString faster(const QString& expression)
{
    static const QRegularExpression kRange(QStringLiteral(R"(\[(\d+)([sm])\])"));
    static const QRegularExpression kRate(QStringLiteral(R"(\brate\(([^()]*)\))"));
    const QString shorter = replaced(expression, kRange, [](const auto& match) {
        return QStringLiteral("[%1]").arg(shrunk(match.captured(1), match.captured(2)));
    });
    return replaced(shorter, kRate, [](const auto& match) {
        return QStringLiteral("(%1 / %2)").arg(match.captured(0)).arg(speed());
    });
}

// One group of a shipped file by itself, and in it a record of when it was evaluated.
struct Group {
    std::string name;
    YAML::Node rules;
    int renamed = 0;

    [[nodiscard]] QString file() const { return QStringLiteral("%1.yml").arg(QString::fromStdString(name)); }
    [[nodiscard]] QString text() const
    {
        YAML::Node beat;
        beat["record"] = kBeat;
        beat["expr"] = "vector(1)";
        beat["labels"]["group"] = name;
        YAML::Node group;
        group["name"] = name + "." + std::to_string(renamed);
        group["rules"].push_back(beat);
        for (const YAML::Node& rule : rules) {
            group["rules"].push_back(rule);
        }
        YAML::Node root;
        root["groups"].push_back(group);
        YAML::Emitter out;
        out << root;
        return QString::fromUtf8(out.c_str());
    }
};

std::vector<Group> groupsOf(const QString& file, const std::string& prefix)
{
    static const QRegularExpression kSpan(QStringLiteral(R"(^(\d+)([sm])$)"));
    std::vector<Group> groups;
    for (YAML::Node group : YAML::LoadFile(file.toStdString())["groups"]) {
        groups.push_back({prefix + group["name"].Scalar(), group["rules"]});
        for (YAML::Node rule : groups.back().rules) {
            if (speed() > 1) {
                rule["expr"] = faster(QString::fromStdString(rule["expr"].Scalar())).toStdString();
            }
            if (rule["for"]) {
                const auto match = kSpan.match(QString::fromStdString(rule["for"].Scalar()));
                rule["for"] = shrunk(match.captured(1), match.captured(2)).toStdString();
            }
        }
    }
    return groups;
}

std::vector<Group> shippedGroups()
{
    const QString resources = QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/");
    std::vector<Group> all = groupsOf(resources + QStringLiteral("rules/default.yml"), "ours_");
    for (Group& group : groupsOf(resources + QStringLiteral("prometheus/alerts.yml"), "theirs_")) {
        all.push_back(std::move(group));
    }
    return all;
}

std::map<QString, QString> filesOf(const std::vector<Group>& groups)
{
    std::map<QString, QString> files;
    for (const Group& group : groups) {
        files[group.file()] = group.text();
    }
    return files;
}

std::int64_t millisNow()
{
    return QDateTime::currentMSecsSinceEpoch();
}

// Runs `look` every so often until it is content; false when that takes longer than `most`.
bool until(std::chrono::milliseconds most, std::chrono::milliseconds often, const std::function<bool()>& look)
{
    QEventLoop loop;
    QTimer timer;
    const std::int64_t end = millisNow() + most.count();
    bool content = false;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        content = look();
        if (content || millisNow() > end) {
            loop.quit();
        }
    });
    timer.start(often);
    loop.exec();
    return content;
}

std::set<std::int64_t> beatsOf(const ScrapingPrometheus& prometheus, const Group& group)
{
    std::set<std::int64_t> beats;
    const auto selector = QByteArray::fromStdString(kBeat + "{group=\"" + group.name + "\"}");
    for (const auto& [at, samples] : prometheus.samples(selector)) {
        beats.insert(at);
    }
    return beats;
}

metrics::Labels without(metrics::Labels labels, const char* name)
{
    std::erase_if(labels, [&](const auto& label) { return label.first == name; });
    return labels;
}

std::string told(const documents::Alerts& alerts)
{
    std::string text;
    for (const metrics::Labels& labels : alerts) {
        text += " " + series::labelsText(labels);
    }
    return text.empty() ? " nothing" : text;
}

} // namespace

class TstDocumentsScraped final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aPrometheusThatScrapesUsFiresTheSameAtEachEvaluationInTheSameWords()
    {
        play();
        if (QTest::currentTestFailed()) {
            return;
        }
        int evaluations = 0;
        std::size_t fired = 0;
        for (const Group& group : m_groups) {
            std::set<std::string> names;
            evaluations += judge(group, names);
            if (QTest::currentTestFailed()) {
                return;
            }
            QVERIFY2(names.size() == group.rules.size(),
                     (group.name + " had rules that never fired").c_str());
            fired += names.size();
        }
        qInfo("%d evaluations alike, %zu rules fired, %d texts alike", evaluations, fired, m_texts);
        QVERIFY(evaluations >= static_cast<int>(m_groups.size()) * documents::kTicks * 8 / 10);
        QVERIFY(m_texts > 300);
    }

private:
    // The half hour once: everything Prometheus saw of it is in m_scraped, m_alerts, m_beats and m_page then.
    void play()
    {
        testnet::FakeBackend backend;
        const auto show = [&](int second) {
            backend.edit([&](metrics::Snapshot& shown) {
                shown = documents::pictureOf(second);
                shown.at = core::SystemClock::instance().wallNow();
            });
        };
        show(0);
        net::ServerOptions options;
        options.port = 0;
        net::HttpServer server(net::makeRouter(backend.backend()), options);
        QVERIFY(server.start());
        ScrapingPrometheus prometheus(server.port(), step());
        m_groups = shippedGroups();
        QVERIFY(prometheus.setRules(filesOf(m_groups)));
        QVERIFY2(prometheus.start(), "prometheus (package prometheus) is needed");
        QVERIFY(until(60s, 100ms, [&] { return prometheus.ready(); }));
        QVERIFY(spread(prometheus));
        m_page.clear();
        const std::int64_t began = millisNow();
        const std::int64_t span = std::int64_t(documents::kTicks) * step().count();
        (void)until(std::chrono::milliseconds(span + step().count()), std::min(step() / 4, 1000ms), [&] {
            const std::int64_t tick = (millisNow() - began) / step().count();
            show(static_cast<int>(tick) * documents::kStep);
            readPage(prometheus);
            return tick >= documents::kTicks;
        });
        collect(prometheus, began);
    }

    // Gives groups other names until none of them is evaluated while a scrape may be under way: what such an
    // evaluation saw could not be told afterwards.
    bool spread(const ScrapingPrometheus& constant)
    {
        auto& prometheus = const_cast<ScrapingPrometheus&>(constant);
        for (int round = 0; round < kRenames; ++round) {
            const std::int64_t since = millisNow();
            std::int64_t scrape = 0;
            std::map<std::string, std::int64_t> beat;
            const bool seen = until(step() * 20 + 10s, step() / 2, [&] {
                const Samples up = prometheus.samples("up");
                scrape = up.empty() ? 0 : up.rbegin()->first;
                for (const Group& group : m_groups) {
                    const auto beats = beatsOf(prometheus, group);
                    beat[group.name] = beats.empty() ? 0 : *beats.rbegin();
                }
                return scrape > since &&
                       std::ranges::all_of(beat, [&](const auto& entry) { return entry.second > since; });
            });
            if (!seen) {
                return false;
            }
            bool good = true;
            for (Group& group : m_groups) {
                const std::int64_t late =
                    ((beat[group.name] - scrape) % step().count() + step().count()) % step().count();
                const bool bad = late < std::min<std::int64_t>(step().count() / 4, 1000);
                group.renamed += bad ? 1 : 0;
                good = good && !bad;
            }
            if (good) {
                return settled(prometheus, since);
            }
            if (!prometheus.setRules(filesOf(m_groups))) {
                return false;
            }
        }
        return false;
    }

    // Prometheus writes no ALERTS until it has looked for states to take up again: two evaluations of a new
    // group.
    bool settled(const ScrapingPrometheus& prometheus, std::int64_t since) const
    {
        constexpr std::ptrdiff_t kBeats = 4;
        return until(step() * 20 + 10s, step(), [&] {
            return std::ranges::all_of(m_groups, [&](const Group& group) {
                const auto beats = beatsOf(prometheus, group);
                return std::distance(beats.upper_bound(since), beats.end()) >= kBeats;
            });
        });
    }

    // Words that surely belong to one evaluation: nothing was being evaluated while the page was read.
    void readPage(const ScrapingPrometheus& prometheus)
    {
        const std::int64_t asked = millisNow();
        const QJsonObject page = prometheus.ask("/api/v1/rules?type=alert");
        const std::int64_t answered = millisNow();
        for (const auto group : page[QLatin1String("data")][QLatin1String("groups")].toArray()) {
            const std::string name =
                group[QLatin1String("name")].toString().section(QLatin1Char('.'), 0, 0).toStdString();
            for (const auto rule : group[QLatin1String("rules")].toArray()) {
                const auto at =
                    QDateTime::fromString(rule[QLatin1String("lastEvaluation")].toString(), Qt::ISODateWithMs)
                        .toMSecsSinceEpoch();
                const double took = rule[QLatin1String("evaluationTime")].toDouble() * 1000;
                if (at + static_cast<std::int64_t>(took) + 20 >= asked ||
                    answered >= at + step().count() * 3 / 4) {
                    continue;
                }
                for (const auto alert : rule[QLatin1String("alerts")].toArray()) {
                    note(name, at, alert.toObject());
                }
            }
        }
    }

    void note(const std::string& group, std::int64_t at, const QJsonObject& alert)
    {
        metrics::Labels labels;
        const QJsonObject given = alert[QLatin1String("labels")].toObject();
        for (auto label = given.begin(); label != given.end(); ++label) {
            series::setLabel(labels, label.key().toStdString(), label.value().toString().toStdString());
        }
        Words words;
        const QJsonObject annotations = alert[QLatin1String("annotations")].toObject();
        for (auto word = annotations.begin(); word != annotations.end(); ++word) {
            words[word.key().toStdString()] = word.value().toString().toStdString();
        }
        m_page[{group, at, labels}] = words;
    }

    void collect(const ScrapingPrometheus& prometheus, std::int64_t began)
    {
        m_alerts = prometheus.samples("ALERTS");
        m_scraped.clear();
        for (const auto& [at, samples] : prometheus.samples("{job=\"poolscope\"}")) {
            for (const auto& [labels, value] : samples) {
                const std::string name(series::labelValue(labels, series::kNameLabel));
                if (name == "scrape_duration_seconds") {
                    m_scraped.try_emplace(at);
                } else if (name != "ALERTS" && name != "ALERTS_FOR_STATE" && name != kBeat) {
                    m_scraped[at][labels] = value;
                }
            }
        }
        m_beats.clear();
        m_began = began;
        for (const Group& group : m_groups) {
            m_beats[group.name] = beatsOf(prometheus, group);
        }
        QVERIFY(!m_scraped.empty());
    }

    // Whether a scrape of just before was seen by an evaluation cannot be told from outside when the machine
    // is busy: it counts from the next one on where only that explains what Prometheus had.
    int judge(const Group& group, std::set<std::string>& fired)
    {
        std::set<std::int64_t> late;
        for (;;) {
            fired.clear();
            m_texts = m_known;
            const Verdict verdict = replay(group, late, fired);
            if (verdict.problem.empty()) {
                m_known = m_texts;
                return verdict.compared;
            }
            const auto scrape = m_scraped.upper_bound(verdict.at);
            const bool inFlight =
                scrape != m_scraped.begin() && verdict.at - std::prev(scrape)->first < step().count() * 4 / 5;
            if (!inFlight || late.size() >= kLate || !late.insert(verdict.at).second) {
                QTest::qFail(verdict.problem.c_str(), __FILE__, __LINE__);
                return verdict.compared;
            }
        }
    }

    struct Verdict {
        int compared = 0;
        std::string problem; // the first difference; empty: none
        std::int64_t at = 0; // its evaluation
    };

    // Our engine over the same samples at the same moments.
    Verdict replay(const Group& group, const std::set<std::int64_t>& late, std::set<std::string>& fired)
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(group.file()));
        const bool written = file.open(QIODevice::WriteOnly) && file.write(group.text().toUtf8()) > 0;
        file.close();
        series::Head head;
        const promql::Querier querier(head);
        alert::RuleEngine engine(head, querier);
        if (!written || !engine.load({file.fileName().toStdString()})) {
            return {0, "the rules cannot be loaded", 0};
        }
        auto scrape = m_scraped.begin();
        std::set<metrics::Labels> there;
        Verdict verdict;
        for (const std::int64_t at : m_beats[group.name]) {
            auto seen = m_scraped.upper_bound(at);
            seen = late.contains(at) && seen != m_scraped.begin() ? std::prev(seen) : seen;
            for (; scrape != m_scraped.end() && scrape != seen; ++scrape) {
                append(head, *scrape, there);
            }
            metrics::Snapshot now;
            now.at = core::WallTime(std::chrono::milliseconds(at));
            now.steady = core::SteadyTime(std::chrono::milliseconds(at));
            now.interval = step();
            engine.evaluate(now);
            const documents::Alerts ours = documents::alertsOf(now.alerts);
            const documents::Alerts theirs = theirsAt(at, now);
            // Before the story begins Prometheus may not have looked for older states yet.
            if (ours != theirs && at >= m_began) {
                verdict.at = at;
                verdict.problem = group.name + " at " + std::to_string(at) + ": ours" + told(ours) +
                                  "; theirs" + told(theirs);
                return verdict;
            }
            ++verdict.compared;
            const std::string words = late.contains(at) ? std::string() : differentWords(group.name, now);
            if (!words.empty()) {
                verdict.at = at;
                verdict.problem = words;
                return verdict;
            }
            for (const metrics::AlertRow& row : now.alerts) {
                if (row.state == metrics::AlertState::Firing) {
                    fired.insert(row.name);
                }
            }
        }
        return verdict;
    }

    static void append(series::Head& head, const Samples::value_type& scrape,
                       std::set<metrics::Labels>& there)
    {
        std::vector<series::NamedSample> samples;
        std::set<metrics::Labels> fresh;
        for (const auto& [labels, value] : scrape.second) {
            samples.push_back({labels, value});
            fresh.insert(labels);
            there.erase(labels);
        }
        head.append(scrape.first, samples);
        head.markStale(scrape.first, std::vector<metrics::Labels>(there.begin(), there.end()));
        there = std::move(fresh);
    }

    // ALERTS of the rules of this engine; two groups may have a rule of one name, which makes one series of
    // both.
    documents::Alerts theirsAt(std::int64_t at, const metrics::Snapshot& now) const
    {
        documents::Alerts alerts;
        const auto samples = m_alerts.find(at);
        if (samples == m_alerts.end()) {
            return alerts;
        }
        std::set<std::string> names;
        for (const metrics::RuleRow& rule : now.rules) {
            names.insert(rule.name);
        }
        for (const auto& [labels, value] : samples->second) {
            if (names.contains(std::string(series::labelValue(labels, "alertname")))) {
                alerts.insert(without(labels, "__name__"));
            }
        }
        return alerts;
    }

    // The first alert whose words are not theirs; empty: all are, or nothing is known of this evaluation.
    std::string differentWords(const std::string& group, const metrics::Snapshot& now)
    {
        const std::int64_t at = core::epochMillis(now.at);
        for (const metrics::AlertRow& row : now.alerts) {
            if (row.state != metrics::AlertState::Pending && !metrics::isOpen(row.state)) {
                continue;
            }
            // The page says when it began to evaluate: at this moment or a little after it.
            auto said = m_page.lower_bound({group, at, {}});
            while (said != m_page.end() && std::get<0>(said->first) == group &&
                   std::get<1>(said->first) < at + step().count() / 2) {
                if (std::get<2>(said->first) == row.labels) {
                    if (row.annotations != said->second) {
                        return group + " at " + std::to_string(at) + ": other words for " + row.name;
                    }
                    ++m_texts;
                }
                ++said;
            }
        }
        return {};
    }

    std::vector<Group> m_groups;
    std::int64_t m_began = 0;
    Samples m_scraped;
    Samples m_alerts;
    std::map<std::string, std::set<std::int64_t>> m_beats;
    Page m_page;
    int m_texts = 0; // compared
    int m_known = 0; // of these, of groups that are done
};

QTEST_GUILESS_MAIN(TstDocumentsScraped)
#include "tst_documents_scraped.moc"
