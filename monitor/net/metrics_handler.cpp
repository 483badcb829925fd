#include "monitor/net/metrics_handler.h"

namespace net {

namespace {

constexpr core::Text kNoSample{"there is no sample yet", "尚无采样数据"};

std::string_view contentType(ExpositionFormat format) noexcept
{
    switch (format) {
    case ExpositionFormat::Text004:
        return "text/plain; version=0.0.4; charset=utf-8";
    case ExpositionFormat::OpenMetrics1:
        return "application/openmetrics-text; version=1.0.0; charset=utf-8";
    }
    return "";
}

} // namespace

Response MetricsHandler::answer(const metrics::SnapshotPtr& snapshot, std::string_view accept,
                                core::Lang lang)
{
    if (!snapshot) {
        return errorResponse(503, kNoSample, lang);
    }
    const ExpositionFormat format = negotiateExposition(accept);
    const auto index = static_cast<std::size_t>(format);
    Bytes bytes;
    {
        const core::MutexLock lock(m_mutex);
        if (m_snapshot == snapshot) {
            bytes = m_bytes[index];
        }
    }
    if (!bytes) {
        bytes = std::make_shared<const std::string>(m_expose(*snapshot, format));
        const core::MutexLock lock(m_mutex);
        if (m_snapshot != snapshot) {
            m_snapshot = snapshot;
            m_bytes = {};
        }
        m_bytes[index] = bytes;
    }
    Response response{200, std::string(contentType(format)), std::move(bytes), {}};
    response.headers.emplace_back("Vary", "Accept");
    return response;
}

} // namespace net
