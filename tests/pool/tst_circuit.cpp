#include "monitor/pool/circuit.h"

#include <QTest>

using namespace std::chrono_literals;
using pool::Circuit;
using Others = pool::Circuit::Others;

namespace {

const pool::Fault kRefused{pool::FaultKind::Unreachable, "Connection refused", "08001"};
const pool::Fault kFull{pool::FaultKind::Saturated, "too many clients already", "53300"};
const pool::Fault kPassword{pool::FaultKind::NeedsPerson, "password authentication failed", "28P01"};

} // namespace

class CircuitTest : public QObject {
    Q_OBJECT

    core::SteadyTime m_now{1000s};

private Q_SLOTS:
    void withNothingLeftOpenOneFailureIsEnough()
    {
        Circuit circuit;
        QCOMPARE(circuit.failed(kRefused, m_now, Others::None), Circuit::Turn::WentDown);
        QVERIFY(circuit.refuses(m_now));
    }
    void withSilentOthersTheThirdFailureDecides()
    {
        Circuit circuit;
        QCOMPARE(circuit.failed(kRefused, m_now, Others::Silent), Circuit::Turn::Suspected);
        QVERIFY(!circuit.refuses(m_now));
        QCOMPARE(circuit.failed(kRefused, m_now + 100ms, Others::Silent), Circuit::Turn::None);
        QCOMPARE(circuit.failed(kRefused, m_now + 300ms, Others::Silent), Circuit::Turn::WentDown);
    }
    void whileOthersAnswerItNeverGivesUp()
    {
        Circuit circuit;
        for (int i = 0; i < 50; ++i) {
            (void)circuit.failed(kRefused, m_now + i * 1s, Others::Alive);
            QCOMPARE(circuit.state(), Circuit::State::Suspect);
        }
    }
    void aFullServerIsNotDownWhileAnythingIsOpen()
    {
        Circuit circuit;
        for (int i = 0; i < 10; ++i) {
            (void)circuit.failed(kFull, m_now, Others::Silent);
        }
        QCOMPARE(circuit.state(), Circuit::State::Suspect);
        QCOMPARE(circuit.failed(kFull, m_now, Others::None), Circuit::Turn::WentDown);
    }
    void hopeLastsTwoSeconds()
    {
        Circuit circuit;
        (void)circuit.doubted(m_now);
        QVERIFY(!circuit.refuses(m_now + 1999ms));
        QVERIFY(circuit.refuses(m_now + 2s));
    }
    void pausesDoubleFromATenthToTwoSecondsWithOneAttemptAtATime()
    {
        Circuit circuit;
        for (const core::Nanos pause : {100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}) {
            (void)circuit.failed(kRefused, m_now, Others::None);
            QCOMPARE(circuit.attempts(8, m_now), 0);
            QCOMPARE(circuit.attempts(8, m_now + pause - 1ns), 0);
            QCOMPARE(circuit.attempts(8, m_now + pause), 1);
            m_now += pause;
        }
    }
    void recoveryRampsUp()
    {
        Circuit circuit;
        (void)circuit.failed(kRefused, m_now, Others::None);
        QCOMPARE(circuit.succeeded(m_now), Circuit::Turn::Recovered);
        QVERIFY(!circuit.refuses(m_now));
        for (const int attempts : {1, 2, 3}) {
            QCOMPARE(circuit.state(), Circuit::State::Ramp);
            QCOMPARE(circuit.attempts(8, m_now), attempts);
            QCOMPARE(circuit.succeeded(m_now), Circuit::Turn::None);
        }
        QCOMPARE(circuit.state(), Circuit::State::Up);
        QCOMPARE(circuit.attempts(8, m_now), 8);
    }
    void aRampEndsWhenNobodyWaitsAndNothingElseDoes()
    {
        Circuit circuit;
        (void)circuit.failed(kRefused, m_now, Others::None);
        circuit.demandMet();
        QCOMPARE(circuit.state(), Circuit::State::Down);
        (void)circuit.succeeded(m_now);
        QCOMPARE(circuit.state(), Circuit::State::Ramp);
        circuit.demandMet();
        QCOMPARE(circuit.state(), Circuit::State::Up);
        QCOMPARE(circuit.attempts(8, m_now), 8);
        (void)circuit.doubted(m_now);
        circuit.demandMet();
        QCOMPARE(circuit.state(), Circuit::State::Suspect);
    }
    void aWrongPasswordIsNotTriedAgainUntilSomebodySaysSo()
    {
        Circuit circuit;
        QCOMPARE(circuit.failed(kPassword, m_now, Others::Alive), Circuit::Turn::Blocked);
        QCOMPARE(circuit.attempts(8, m_now + 24h), 0);
        circuit.retryNow(m_now + 24h);
        QCOMPARE(circuit.attempts(8, m_now + 24h), 1);
        QCOMPARE(circuit.failed(kPassword, m_now + 24h, Others::Alive), Circuit::Turn::Blocked);
    }
};

QTEST_GUILESS_MAIN(CircuitTest)
#include "tst_circuit.moc"
