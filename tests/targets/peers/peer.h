// A real peer as a test starts it: a program with a pool, told how to load it and asked what is true of it.
#pragma once

#include "monitor/targets/scrape.h"

#include <QProcess>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace peers {

// "in_use" to its value, as the program's pool knows it itself.
using Truth = std::map<std::string, double>;

struct PeerStart {
    QString program;
    QStringList arguments = {};
    QStringList environment = {}; // "NAME=value"
    QString folder = {};          // where it works
};

// A program that says "ports PAGE CONTROL" on its first line (crew.py says what control is). It ends with the
// object and with the test. Used by one thread.
class Peer {
public:
    explicit Peer(const PeerStart& start);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    // "" once its ports are known; else what it said instead.
    [[nodiscard]] QString trouble() const { return m_trouble; }
    [[nodiscard]] targets::TargetSpec spec(const std::string& path) const;
    // So many callers more; those that find no lease wait for one.
    void hold(int callers) const;
    void release() const;
    // Empty when it does not answer.
    [[nodiscard]] Truth truth() const;

private:
    [[nodiscard]] Truth told(const std::string& path) const;

    QProcess m_process;
    QString m_trouble;
    std::uint16_t m_page = 0;
    std::uint16_t m_control = 0;
};

// A program that serves a page and is told nothing, such as an exporter. It ends with the object and with the test.
// Used by one thread.
class Program {
public:
    explicit Program(const PeerStart& start);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // "" once `spec` answers without an error and `well` agrees; else why it never did. It does not wait for one that
    // has ended.
    [[nodiscard]] QString whenUp(const targets::TargetSpec& spec,
                                 const std::function<bool(const targets::Scrape&)>& well = {});
    [[nodiscard]] bool ends(int millis) { return m_process.waitForFinished(millis); }
    [[nodiscard]] QByteArray said();

private:
    QProcess m_process;
    QString m_program;
    QByteArray m_said;
};

// The mappings that come with the program.
[[nodiscard]] const std::vector<targets::Mapping>& mappings();
// A child that dies with the test, both its outputs as one.
void prepare(QProcess& process);
// Prepared, with what `start` says, and started.
void begin(QProcess& process, const PeerStart& start);
// A target called "peer".
[[nodiscard]] targets::TargetSpec specOf(const std::string& url);
// A port nobody listens on at this moment.
[[nodiscard]] std::uint16_t freePort();

// What is wrong with a pool of a page, one line; "" when every figure of `known` is what is true (seconds:
// nearly), and every other figure is unknown. `known`: "size in_use …".
[[nodiscard]] QString differences(const targets::PoolFigures& pool, const Truth& truth, const QString& known);

} // namespace peers
