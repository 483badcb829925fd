#include "monitor/engine/file_writer.h"

namespace engine {

FileWriter::FileWriter()
    : m_thread([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            for (const auto& job : m_jobs.waitAndDrain(stop, std::chrono::seconds(10))) {
                job();
            }
        }
        for (const auto& job : m_jobs.drain()) {
            job();
        }
    })
{
}

FileWriter::~FileWriter()
{
    m_thread.request_stop();
    m_thread.join();
}

} // namespace engine
