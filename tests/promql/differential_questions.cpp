#include "tests/promql/differential_questions.h"

#include <QSet>

#include <random>
#include <vector>

namespace promql_test {

QStringList expressions()
{
    QStringList all;
    const QStringList ranged{QStringLiteral("rate"),
                             QStringLiteral("increase"),
                             QStringLiteral("delta"),
                             QStringLiteral("irate"),
                             QStringLiteral("idelta"),
                             QStringLiteral("deriv"),
                             QStringLiteral("resets"),
                             QStringLiteral("changes"),
                             QStringLiteral("avg_over_time"),
                             QStringLiteral("min_over_time"),
                             QStringLiteral("max_over_time"),
                             QStringLiteral("sum_over_time"),
                             QStringLiteral("count_over_time"),
                             QStringLiteral("last_over_time"),
                             QStringLiteral("stddev_over_time"),
                             QStringLiteral("stdvar_over_time"),
                             QStringLiteral("present_over_time"),
                             QStringLiteral("absent_over_time")};
    const QStringList ranges{QStringLiteral("c_total[1m]"),
                             QStringLiteral("c_total{job=\"api\"}[5m] offset 3m"),
                             QStringLiteral("g[17m]"),
                             QStringLiteral("g{instance=~\"[01]\"}[40s]"),
                             QStringLiteral("g[5m] @ 1700001000"),
                             QStringLiteral("(g + 1)[10m:37s]"),
                             QStringLiteral("rate(c_total[2m])[7m:] offset 1m"),
                             QStringLiteral("nothing[5m]")};
    for (const QString& function : ranged) {
        for (const QString& range : ranges) {
            all << function + QLatin1Char('(') + range + QLatin1Char(')');
        }
    }
    for (const QString& range : ranges) {
        all << QStringLiteral("quantile_over_time(0.3, %1)").arg(range)
            << QStringLiteral("predict_linear(%1, 600)").arg(range)
            << QStringLiteral("holt_winters(%1, 0.3, 0.7)").arg(range);
    }
    for (const char* op : {"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"}) {
        for (const char* by : {"", "by (job)", "without (instance)", "by (job, instance)", "by (nothing)"}) {
            all << QStringLiteral("%1 %2 (rate(c_total[5m]))").arg(QLatin1String(op), QLatin1String(by));
        }
    }
    for (const char* op : {"+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool", "atan2",
                           "and", "or", "unless"}) {
        const QString sign = QLatin1String(op);
        all << QStringLiteral("g{job=\"api\"} %1 ignoring(job) g{job=\"web\"}").arg(sign)
            << QStringLiteral("g %1 on(instance, job) c_total").arg(sign)
            << QStringLiteral("g %1 c_total offset 1m").arg(sign);
        if (!QStringLiteral("and or unless").contains(sign)) {
            all << QStringLiteral("g %1 on(job) group_left one").arg(sign)
                << QStringLiteral("one %1 on(job) group_right g").arg(sign)
                << QStringLiteral("g %1 45").arg(sign) << QStringLiteral("45 %1 g").arg(sign);
        }
    }
    for (const char* function :
         {"abs",         "ceil",         "floor",       "exp",           "sqrt",   "ln",     "log2",  "log10",
          "sgn",         "round",        "sort",        "timestamp",     "hour",   "minute", "month", "year",
          "day_of_week", "day_of_month", "day_of_year", "days_in_month", "sin",    "cos",    "tan",   "asinh",
          "atan",        "tanh",         "rad",         "deg",           "absent", "-",      "scalar"}) {
        all << QStringLiteral("%1(one)").arg(QLatin1String(function))
            << QStringLiteral("%1(g * 12345678)").arg(QLatin1String(function));
    }
    for (const char* share : {"0", "0.5", "0.9", "0.99", "1", "2", "-1", "NaN"}) {
        all << QStringLiteral("histogram_quantile(%1, rate(h_bucket[5m]))").arg(QLatin1String(share))
            << QStringLiteral("histogram_quantile(%1, sum by (le) (h_bucket))").arg(QLatin1String(share))
            << QStringLiteral("quantile by (job) (%1, g)").arg(QLatin1String(share));
    }
    all << QStringLiteral("topk(3, g)") << QStringLiteral("bottomk by (job) (1, g)")
        << QStringLiteral("count_values(\"v\", floor(one / 100))") << QStringLiteral("clamp(g, 40, 60)")
        << QStringLiteral("clamp_min(g, 50)") << QStringLiteral("clamp_max(g, 50)")
        << QStringLiteral("round(g, 0.3)") << QStringLiteral("time()") << QStringLiteral("vector(time())")
        << QStringLiteral("pi() * 2")
        << QStringLiteral("label_replace(g, \"new\", \"$1-${2}x\", \"job\", \"(.)(.*)\")")
        << QStringLiteral("label_join(g, \"j\", \"/\", \"job\", \"instance\")") << QStringLiteral("g @ end()")
        << QStringLiteral("sum(g @ start()) + sum(g)") << QStringLiteral("absent(g{job=\"none\",x!=\"y\"})")
        << QStringLiteral("max_over_time(rate(c_total[1m])[10m:1m]) / on(job, instance) g")
        << QStringLiteral("-one ^ 2") << QStringLiteral("2 ^ 3 ^ 2 - 017 + 0x1F") << QStringLiteral("g[1m]")
        << QStringLiteral("\"text\"") << QStringLiteral("{__name__=~\"one|g\",job!=\"web\"}");
    return all;
}

namespace {

// Nested at random, always the same ones: selectors, ranges, subqueries, functions, aggregations and
// operators in each other.
class Generator {
public:
    QString vector(int depth)
    {
        if (depth == 0) {
            return selector();
        }
        switch (pick(7)) {
        case 0:
            return QStringLiteral("%1 %2 (%3)").arg(any(kAggregations), any(kGroupings), vector(depth - 1));
        case 1:
            return QStringLiteral("%1(%2)").arg(any(kFunctions), vector(depth - 1));
        case 2:
            return QStringLiteral("(%1 %2 %3)").arg(vector(depth - 1), any(kScalarOperators), any(kNumbers));
        case 3:
            return QStringLiteral("(sum by (job) (%1) %2 max by (job) (%3))")
                .arg(vector(depth - 1), any(kVectorOperators), vector(depth - 1));
        case 4:
            return QStringLiteral("(%1 %2 on (job) group_left () min by (job) (%3))")
                .arg(vector(depth - 1), any(kScalarOperators), vector(depth - 1));
        case 5:
            return QStringLiteral("quantile_over_time(%1, %2)").arg(any(kShares), range(depth - 1));
        default:
            return QStringLiteral("%1(%2)").arg(any(kRangeFunctions), range(depth - 1));
        }
    }

private:
    using Words = std::vector<const char*>;

    unsigned pick(unsigned many) { return static_cast<unsigned>(m_random() % many); }
    QString any(const Words& words)
    {
        return QLatin1String(words[pick(static_cast<unsigned>(words.size()))]);
    }
    QString selector() { return any(kSelectors) + any(kModifiers); }
    QString range(int depth)
    {
        return depth == 0 || pick(2) == 0
                   ? any(kSelectors) + any(kRanges) + any(kModifiers)
                   : QStringLiteral("(%1)%2%3").arg(vector(depth - 1), any(kSubqueries), any(kModifiers));
    }

    static inline const Words kSelectors{
        "g", "c_total", "one", "g{job=\"api\"}", "c_total{instance!=\"1\"}", "g{instance=~\"[12]\"}"};
    static inline const Words kModifiers{"", "", "", " offset 2m", " offset -30s", " @ 1700001500"};
    static inline const Words kRanges{"[1m]", "[4m]", "[11m]"};
    static inline const Words kSubqueries{"[6m:1m]", "[5m:45s]"};
    static inline const Words kAggregations{"sum", "avg", "min", "max", "count", "group"};
    static inline const Words kGroupings{"", "by (job)", "without (instance)", "by (instance)"};
    static inline const Words kFunctions{"abs", "ceil", "floor", "sqrt", "sgn", "ln", "-", "timestamp"};
    static inline const Words kRangeFunctions{
        "rate",          "increase",      "delta",           "changes",
        "avg_over_time", "max_over_time", "count_over_time", "last_over_time"};
    static inline const Words kScalarOperators{"+", "-", "*", "/", ">", "<=", "== bool", "!="};
    static inline const Words kVectorOperators{"+", "-", "*", "/", ">", "and", "or", "unless"};
    static inline const Words kNumbers{"2", "0.5", "50", "1e3"};
    static inline const Words kShares{"0.1", "0.5", "0.95"};
    std::mt19937 m_random{20};
};

} // namespace

QStringList nested(int many)
{
    Generator generate;
    QSet<QString> seen;
    QStringList all;
    while (all.size() < many) {
        const QString text = generate.vector(1 + static_cast<int>(all.size()) % 3);
        if (!seen.contains(text)) {
            seen.insert(text);
            all << text;
        }
    }
    return all;
}

QStringList mistakes()
{
    return {QStringLiteral("1 +"),
            QStringLiteral("sum("),
            QStringLiteral("sum(g"),
            QStringLiteral("foo(g)"),
            QStringLiteral("g{"),
            QStringLiteral("g{a}"),
            QStringLiteral("g{a=b}"),
            QStringLiteral("g{a=\"b\" c=\"d\"}"),
            QStringLiteral("g{a=~\"(\"}"),
            QStringLiteral("{}"),
            QStringLiteral("{a=\"\"}"),
            QStringLiteral("rate(g)"),
            QStringLiteral("g[5m] + 1"),
            QStringLiteral("g[5]"),
            QStringLiteral("g[5mm]"),
            QStringLiteral("g[5m"),
            QStringLiteral("g offset"),
            QStringLiteral("g offset 5"),
            QStringLiteral("1 offset 5m"),
            QStringLiteral("g @ x"),
            QStringLiteral("sum by g"),
            QStringLiteral("sum by (g"),
            QStringLiteral("sum by (1) (g)"),
            QStringLiteral("topk(g)"),
            QStringLiteral("sum()"),
            QStringLiteral("1 > 2"),
            QStringLiteral("1 and 2"),
            QStringLiteral("g + on(a) group_left(a) g"),
            QStringLiteral("g and on(a) group_left g"),
            QStringLiteral("g + bool g"),
            QStringLiteral("rate(c_total[5m],)"),
            QStringLiteral("g)"),
            QStringLiteral("g ! g"),
            QStringLiteral("\"abc"),
            QStringLiteral("g =~ 1"),
            QStringLiteral("$"),
            QStringLiteral("sum(rate(c_total[5m]) x)"),
            QStringLiteral("(g x)"),
            QStringLiteral("clamp(g, 1)"),
            QStringLiteral("round(g, 1, 2)"),
            QStringLiteral("g + on(job) g"),
            QStringLiteral("g offset 5m offset 5m"),
            QStringLiteral("1.2.3"),
            QStringLiteral("5x"),
            QStringLiteral("rate(c_total[5m])[5m]"),
            QStringLiteral("label_replace(g, \"-\", \"\", \"\", \"\")"),
            QStringLiteral("g\n+ )"),
            QStringLiteral("sum(\"x\")")};
}

} // namespace promql_test
