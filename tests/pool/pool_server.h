// A private server, and a session beside every pool that asks it what it sees of them.
#pragma once

#include "monitor/pg/connection.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"

#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace support {

// Not thread-safe. Empty problem() when all of it is there.
class PoolServer {
public:
    PoolServer()
    {
        if (!m_server.ok()) {
            m_problem = m_server.error();
            return;
        }
        pg::ConnInfo info = m_server.connInfo();
        info.set("application_name", "admin");
        auto admin = pg::Connection::open(info, pg::Deadline::in(std::chrono::seconds(5)));
        if (admin) {
            m_admin = std::move(*admin);
        } else {
            m_problem = admin.error().message;
        }
    }
    [[nodiscard]] const char* problem() const noexcept { return m_problem.c_str(); }
    [[nodiscard]] bool ok() const noexcept { return m_problem.empty(); }

    [[nodiscard]] pg::ConnInfo connInfo() const { return m_server.connInfo(); }
    [[nodiscard]] pg::Connection& admin() noexcept { return *m_admin; }
    // The first cell of the answer; -1 when there is none.
    [[nodiscard]] int number(const char* sql)
    {
        auto result = m_admin->execute(sql);
        return result && result->rows() > 0 ? std::stoi(std::string(result->text(0, 0))) : -1;
    }
    // Sessions of pools.
    [[nodiscard]] int backends()
    {
        return number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'poolscope-pool'");
    }

private:
    PgServer m_server;
    std::unique_ptr<pg::Connection> m_admin;
    std::string m_problem;
};

// Tests of pools against it, each of which finds no session of the one before.
class PoolServerTest : public QObject {
    Q_OBJECT

protected:
    std::unique_ptr<PoolServer> m_server;

    int backends() { return m_server->backends(); }
    int number(const char* sql) { return m_server->number(sql); }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<PoolServer>();
        QVERIFY2(m_server->ok(), m_server->problem());
    }
    void init() { QTRY_COMPARE(backends(), 0); } // those of the test before take a moment to leave
};

// As many leases as were asked for, or as could be had.
[[nodiscard]] inline std::vector<pool::Lease> take(pool::ConnectionPool& pool, int count)
{
    std::vector<pool::Lease> leases;
    for (int i = 0; i < count; ++i) {
        auto lease = pool.acquire();
        if (!lease) {
            break;
        }
        leases.push_back(std::move(*lease));
    }
    return leases;
}

} // namespace support
