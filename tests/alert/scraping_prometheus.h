// A real Prometheus that scrapes one target, evaluates rule files, and tells what it saw.
#pragma once

#include "monitor/metrics/metric_def.h"

#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <chrono>
#include <cstdint>
#include <map>
#include <set>

namespace documents {

// Samples as Prometheus keeps them: at which millisecond, which series, which value. Stale markers are left
// out.
using Samples = std::map<std::int64_t, std::map<metrics::Labels, double>>;

class ScrapingPrometheus {
public:
    // Scrapes 127.0.0.1:target and evaluates once an interval each, from start() on.
    ScrapingPrometheus(std::uint16_t target, std::chrono::milliseconds interval);
    ~ScrapingPrometheus(); // ends the program
    ScrapingPrometheus(const ScrapingPrometheus&) = delete;
    ScrapingPrometheus& operator=(const ScrapingPrometheus&) = delete;

    // Rule files by name; again while it runs: groups that stayed as they are go on undisturbed.
    [[nodiscard]] bool setRules(const std::map<QString, QString>& files);
    // False when the program (package prometheus) is not there.
    [[nodiscard]] bool start();
    [[nodiscard]] bool ready() const;
    // The answer of an endpoint of its API; empty when there is none.
    [[nodiscard]] QJsonObject ask(const QByteArray& pathAndQuery) const;
    // Everything a selector picks, of the last two hours, sample by sample.
    [[nodiscard]] Samples samples(const QByteArray& selector) const;

private:
    QByteArray call(const QByteArray& method, const QByteArray& pathAndQuery) const;

    QTemporaryDir m_folder;
    QProcess m_process;
    std::uint16_t m_port = 0;
    std::uint16_t m_target;
    std::chrono::milliseconds m_interval;
    std::set<QString> m_files;
};

} // namespace documents
