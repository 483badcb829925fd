<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AlertTalk</name>
    <message>
        <source>For %1</source>
        <translation>暂停 %1</translation>
    </message>
    <message>
        <source>No longer</source>
        <translation>不再暂停</translation>
    </message>
    <message>
        <source>A silence in your name at every Alertmanager, renewed while it fires and ended when it is over. Without this program it lapses within %1.</source>
        <translation>以您的名义在所有 Alertmanager 上设置静默，告警触发期间持续续期，恢复后结束。本程序不运行时，它将在 %1 内失效。</translation>
    </message>
</context>
<context>
    <name>ChartMarks</name>
    <message>
        <source>counter reset</source>
        <translation>计数器重置</translation>
    </message>
</context>
<context>
    <name>PlotPaint</name>
    <message>
        <source>no sample</source>
        <translation>无采样</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数据</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>No samples yet – the first comes in a moment</source>
        <translation>尚无采样，稍后即到</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>还有 %1 项</translation>
    </message>
    <message>
        <source>Nothing was recorded in this time</source>
        <translation>这段时间没有记录</translation>
    </message>
    <message>
        <source>no data: %1</source>
        <translation>无数据：%1</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>来自 %1</translation>
    </message>
</context>
<context>
    <name>app</name>
    <message>
        <source>%1 cannot be read</source>
        <translation>无法读取 %1</translation>
    </message>
    <message>
        <source>%1 silences imported, %2 left out</source>
        <translation>已导入 %1 条静默，略过 %2 条</translation>
    </message>
    <message>
        <source>Told: %1</source>
        <translation>已告知：%1</translation>
    </message>
    <message>
        <source>; as soon as it answers: %1</source>
        <translation>；恢复响应后告知：%1</translation>
    </message>
    <message>
        <source>; not taken: %1</source>
        <translation>；未接受：%1</translation>
    </message>
    <message>
        <source>Configuration read: nothing to change at once</source>
        <translation>已读取配置：没有可立即生效的更改</translation>
    </message>
    <message>
        <source>Configuration read: in force now: %1</source>
        <translation>已读取配置：现已生效：%1</translation>
    </message>
    <message>
        <source>needs a restart: %1</source>
        <translation>需要重启：%1</translation>
    </message>
    <message>
        <source>the command line wins: %1</source>
        <translation>以命令行为准：%1</translation>
    </message>
</context>
<context>
    <name>app::MainWindow</name>
    <message>
        <source>Trying again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>Export everything shown as CSV</source>
        <translation>将显示的全部内容导出为 CSV</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>Scenarios being stopped: %1</source>
        <translation>正在停止的场景：%1</translation>
    </message>
    <message>
        <source>CSV, a row for each value (*.csv)</source>
        <translation>CSV，每个值一行 (*.csv)</translation>
    </message>
    <message>
        <source>Report of this range</source>
        <translation>此时段的报告</translation>
    </message>
    <message>
        <source>Export this range</source>
        <translation>导出此时段</translation>
    </message>
    <message>
        <source>Web page, to be mailed (*.html)</source>
        <translation>网页，可用邮件发送 (*.html)</translation>
    </message>
    <message>
        <source>Pages (*.pdf)</source>
        <translation>页面 (*.pdf)</translation>
    </message>
    <message>
        <source>CSV, a column for each series (*.csv)</source>
        <translation>CSV，每个序列一列 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Save the recording</source>
        <translation>保存录制</translation>
    </message>
    <message>
        <source>Recordings (*.poolscope)</source>
        <translation>录制 (*.poolscope)</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>打开录制</translation>
    </message>
    <message>
        <source>Recording %1</source>
        <translation>录制 %1</translation>
    </message>
    <message>
        <source>History from this console</source>
        <translation>历史来自本控制台</translation>
    </message>
    <message>
        <source>History from %1</source>
        <translation>历史来自 %1</translation>
    </message>
    <message>
        <source>Save the panel as a picture</source>
        <translation>将面板保存为图片</translation>
    </message>
    <message>
        <source>No server is named under prometheus: in the configuration</source>
        <translation>配置中的 prometheus: 下未指定服务器</translation>
    </message>
</context>
<context>
    <name>app::ReplaySession</name>
    <message>
        <source>This is a recording: it can be looked at, not changed</source>
        <translation>这是一份录制：只能查看，不能更改</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>inhibited by %1</source>
        <translation>被 %1 抑制</translation>
    </message>
    <message>
        <source>fires in %1</source>
        <translation>%1 后触发</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Alert</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>当前值</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始</translation>
    </message>
    <message>
        <source>For</source>
        <translation>持续</translation>
    </message>
    <message>
        <source>What it means</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Logger</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Must hold</source>
        <translation>需持续</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>后端</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Uses</source>
        <translation>使用次数</translation>
    </message>
    <message>
        <source>Held for</source>
        <translation>已占用</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>事务</translation>
    </message>
    <message>
        <source>Taken by</source>
        <translation>占用者</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>代码位置</translation>
    </message>
    <message>
        <source>Last statement</source>
        <translation>最近语句</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>数据源</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>not opened</source>
        <translation>未打开</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>validating</source>
        <translation>校验中</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>active</source>
        <translation>执行中</translation>
    </message>
    <message>
        <source>idle in tx</source>
        <translation>事务中空闲</translation>
    </message>
    <message>
        <source>held</source>
        <translation>占用未用</translation>
    </message>
    <message>
        <source>leak</source>
        <translation>疑似泄漏</translation>
    </message>
    <message>
        <source>resetting</source>
        <translation>重置中</translation>
    </message>
    <message>
        <source>closing</source>
        <translation>关闭中</translation>
    </message>
    <message>
        <source>inactive</source>
        <translation>未触发</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待触发</translation>
    </message>
    <message>
        <source>firing</source>
        <translation>触发中</translation>
    </message>
    <message>
        <source>resolved</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>过期</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>in the queue</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>请求者</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>已等待</translation>
    </message>
    <message>
        <source>Gives up in</source>
        <translation>放弃倒计时</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>resolves in %1</source>
        <translation>%1 后恢复</translation>
    </message>
    <message>
        <source>recovering</source>
        <translation>恢复中</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>已超时</translation>
    </message>
    <message>
        <source>queue full</source>
        <translation>队列已满</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>已等待</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>requested</source>
        <translation>请求连接</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>进入队列</translation>
    </message>
    <message>
        <source>granted</source>
        <translation>获得连接</translation>
    </message>
    <message>
        <source>request cancelled</source>
        <translation>请求已取消</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>已归还</translation>
    </message>
    <message>
        <source>returned twice</source>
        <translation>重复归还</translation>
    </message>
    <message>
        <source>nested acquire</source>
        <translation>嵌套获取</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>connecting failed</source>
        <translation>连接失败</translation>
    </message>
    <message>
        <source>validated</source>
        <translation>校验通过</translation>
    </message>
    <message>
        <source>dead when checked</source>
        <translation>校验时已失效</translation>
    </message>
    <message>
        <source>returned dirty</source>
        <translation>归还时状态不净</translation>
    </message>
    <message>
        <source>reset</source>
        <translation>已重置</translation>
    </message>
    <message>
        <source>reset failed</source>
        <translation>重置失败</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>long use</source>
        <translation>长时间占用</translation>
    </message>
    <message>
        <source>long use over</source>
        <translation>长时间占用结束</translation>
    </message>
    <message>
        <source>suspected leak</source>
        <translation>疑似泄漏</translation>
    </message>
    <message>
        <source>leak over</source>
        <translation>泄漏解除</translation>
    </message>
    <message>
        <source>statement cancelled</source>
        <translation>语句已取消</translation>
    </message>
    <message>
        <source>backend terminated</source>
        <translation>后端已终止</translation>
    </message>
    <message>
        <source>recycled</source>
        <translation>已回收</translation>
    </message>
    <message>
        <source>pool suspended</source>
        <translation>连接池已暂停</translation>
    </message>
    <message>
        <source>pool resumed</source>
        <translation>连接池已恢复</translation>
    </message>
    <message>
        <source>settings changed</source>
        <translation>设置已更改</translation>
    </message>
    <message>
        <source>pool drained</source>
        <translation>连接池已排空</translation>
    </message>
    <message>
        <source>database away</source>
        <translation>数据库不可用</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>database back</source>
        <translation>数据库已恢复</translation>
    </message>
    <message>
        <source>login refused</source>
        <translation>登录被拒绝</translation>
    </message>
    <message>
        <source>retry asked for</source>
        <translation>已请求重试</translation>
    </message>
    <message>
        <source>pool closed</source>
        <translation>连接池已关闭</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Idle-held</source>
        <translation>空闲占用</translation>
    </message>
    <message>
        <source>en</source>
        <extracomment>the language&apos;s code</extracomment>
        <translation>zh</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>failing</source>
        <translation>发送失败</translation>
    </message>
    <message>
        <source>quiet</source>
        <translation>免打扰</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>待发送</translation>
    </message>
    <message>
        <source>Last sent</source>
        <translation>最近发送</translation>
    </message>
    <message>
        <source>Last error</source>
        <translation>最近错误</translation>
    </message>
    <message>
        <source>Fired</source>
        <translation>触发时间</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>持续</translation>
    </message>
    <message>
        <source>Ack. after</source>
        <translation>确认用时</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>to come</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Hides</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>截止</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>followed</source>
        <translation>跟踪中</translation>
    </message>
    <message>
        <source>not there yet</source>
        <translation>尚不存在</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>this program&apos;s own log</source>
        <translation>本程序自身日志</translation>
    </message>
    <message>
        <source>Log file</source>
        <translation>日志文件</translation>
    </message>
    <message>
        <source>Lines/s</source>
        <translation>行/秒</translation>
    </message>
    <message>
        <source>Errors/min</source>
        <translation>错误/分钟</translation>
    </message>
    <message>
        <source>Open sessions</source>
        <translation>未关闭会话</translation>
    </message>
    <message>
        <source>Suspected leaks</source>
        <translation>疑似泄漏</translation>
    </message>
    <message>
        <source>Last line</source>
        <translation>最近一行</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1前</translation>
    </message>
    <message>
        <source>not its turn</source>
        <translation>未轮到</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>生效中</translation>
    </message>
    <message>
        <source>rehearsed</source>
        <translation>已演练</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>有差异</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>仅为噪声</translation>
    </message>
    <message>
        <source>too short</source>
        <translation>时间太短</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source> per second</source>
        <translation>（每秒）</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Effect</source>
        <translation>效应</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>scenario started</source>
        <translation>场景开始</translation>
    </message>
    <message>
        <source>scenario ended</source>
        <translation>场景结束</translation>
    </message>
    <message>
        <source>alert fired</source>
        <translation>告警触发</translation>
    </message>
    <message>
        <source>alert resolved</source>
        <translation>告警恢复</translation>
    </message>
    <message>
        <source>setting changed</source>
        <translation>设置更改</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>console started</source>
        <translation>控制台启动</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数据</translation>
    </message>
    <message>
        <source>console not running</source>
        <translation>控制台未运行</translation>
    </message>
    <message>
        <source>machine suspended</source>
        <translation>机器休眠</translation>
    </message>
    <message>
        <source>clock was set</source>
        <translation>时钟被调整</translation>
    </message>
    <message>
        <source>console was held up</source>
        <translation>控制台被阻滞</translation>
    </message>
    <message>
        <source>history could not be written</source>
        <translation>历史无法写入</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Resolved after</source>
        <translation>恢复用时</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>your own</source>
        <translation>自建</translation>
    </message>
    <message>
        <source>changed by you</source>
        <translation>已被您更改</translation>
    </message>
    <message>
        <source>as in its file</source>
        <translation>文件原样</translation>
    </message>
    <message>
        <source>Whose</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>first answer awaited</source>
        <translation>等待首次响应</translation>
    </message>
    <message>
        <source>no pool known</source>
        <translation>未识别到连接池</translation>
    </message>
    <message>
        <source>callers wait</source>
        <translation>有调用者等待</translation>
    </message>
    <message>
        <source>over 80 %</source>
        <translation>超过 80 %</translation>
    </message>
    <message>
        <source>over 90 %</source>
        <translation>超过 90 %</translation>
    </message>
    <message>
        <source>exhausted</source>
        <translation>已耗尽</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>连接池</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>最近一分钟</translation>
    </message>
    <message>
        <source>of most</source>
        <translation>已用 / 上限</translation>
    </message>
    <message>
        <source>Mean wait</source>
        <translation>平均等待</translation>
    </message>
    <message>
        <source>Timeouts</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>without</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1 pools</source>
        <translation>%1 个连接池</translation>
    </message>
    <message>
        <source>%1 in trouble</source>
        <translation>%1 个有问题</translation>
    </message>
    <message>
        <source>%1 series do not fit into memory</source>
        <translation>%1 个序列无法放入内存</translation>
    </message>
    <message>
        <source>acknowledged by %1</source>
        <translation>由 %1 确认</translation>
    </message>
    <message>
        <source>inhibited</source>
        <translation>被抑制</translation>
    </message>
    <message>
        <source>silenced by %1</source>
        <translation>已静默：%1</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Goes to</source>
        <translation>发送给</translation>
    </message>
    <message>
        <source>Known to</source>
        <translation>已知节点</translation>
    </message>
    <message>
        <source>asked</source>
        <translation>查询中</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>有响应</translation>
    </message>
    <message>
        <source>stands alone</source>
        <translation>独立运行</translation>
    </message>
    <message>
        <source>%1, members: %2</source>
        <translation>%1，成员 %2 个</translation>
    </message>
    <message>
        <source>silences still to be told: %1</source>
        <translation>尚待告知的静默：%1 条</translation>
    </message>
    <message>
        <source>Alertmanager</source>
        <translation>Alertmanager</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Silences</source>
        <translation>静默</translation>
    </message>
    <message>
        <source>records</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>well</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>not yet evaluated</source>
        <translation>尚未评估</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Last evaluated</source>
        <translation>上次评估</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>not yet asked</source>
        <translation>尚未抓取</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Last asked</source>
        <translation>上次抓取</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>shadow</source>
        <translation>影子</translation>
    </message>
    <message>
        <source>here, not told</source>
        <translation>此处，未通知</translation>
    </message>
    <message>
        <source>here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>Told by</source>
        <translation>通知方</translation>
    </message>
    <message>
        <source>local</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>shadow, not at %1</source>
        <translation>影子，%1 没有此规则</translation>
    </message>
    <message>
        <source>shadow, same as %1</source>
        <translation>影子，与 %1 一致</translation>
    </message>
    <message>
        <source>shadow, differs since %1</source>
        <translation>影子，自 %1 起不一致</translation>
    </message>
    <message>
        <source>%1, unwatched since %2</source>
        <translation>%1，自 %2 起无人监控</translation>
    </message>
    <message>
        <source>%1, told here since %2</source>
        <translation>%1，自 %2 起由此处通知</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>归属</translation>
    </message>
    <message>
        <source>renewed while it fires</source>
        <translation>触发期间续期</translation>
    </message>
</context>
<context>
    <name>models::Zone</name>
    <message>
        <source>server %1</source>
        <translation>服务器 %1</translation>
    </message>
    <message>
        <source>MMM d HH:mm</source>
        <translation>M月d日 HH:mm</translation>
    </message>
</context>
<context>
    <name>models::fileProblem</name>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>your share of the disk is used up</source>
        <translation>磁盘配额已用尽</translation>
    </message>
    <message>
        <source>it is larger than a file may be here</source>
        <translation>文件大小超出此处的上限</translation>
    </message>
    <message>
        <source>you may not write there</source>
        <translation>没有写入权限</translation>
    </message>
    <message>
        <source>this file system can be read only</source>
        <translation>此文件系统只读</translation>
    </message>
    <message>
        <source>its folder is not there</source>
        <translation>文件夹不存在</translation>
    </message>
    <message>
        <source>there is a folder of this name</source>
        <translation>存在同名文件夹</translation>
    </message>
    <message>
        <source>the disk does not answer as it should</source>
        <translation>磁盘读写出错</translation>
    </message>
</context>
<context>
    <name>widgets::AckDialog</name>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>No reminders and no sound until it is resolved, or becomes more severe.</source>
        <translation>在恢复或级别升高之前，不再提醒，也不再发声。</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>What is being done?</source>
        <translation>正在做什么？</translation>
    </message>
</context>
<context>
    <name>widgets::Actions</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>连接池</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Scenarios</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Do</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Find an action</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>暂停或继续</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>回到实时</translation>
    </message>
    <message>
        <source>Last 5 minutes</source>
        <translation>最近 5 分钟</translation>
    </message>
    <message>
        <source>Last 15 minutes</source>
        <translation>最近 15 分钟</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>深色或浅色</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>导出 CSV…</translation>
    </message>
    <message>
        <source>Stop all scenarios</source>
        <translation>停止所有场景</translation>
    </message>
    <message>
        <source>Retry the connection now</source>
        <translation>立即重试连接</translation>
    </message>
    <message>
        <source>Reload the alert rules</source>
        <translation>重新加载告警规则</translation>
    </message>
    <message>
        <source>Last 6 hours</source>
        <translation>最近 6 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 90 days</source>
        <translation>最近 90 天</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>从 … 到 …</translation>
    </message>
    <message>
        <source>Back in what was shown</source>
        <translation>返回上一个时间范围</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>前进到下一个时间范围</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>更晚</translation>
    </message>
    <message>
        <source>Add a note…</source>
        <translation>添加备注…</translation>
    </message>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Plot an expression (PromQL)</source>
        <translation>绘制表达式（plot，PromQL）</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>自动响应</translation>
    </message>
    <message>
        <source>Marks and notes…</source>
        <translation>标记与备注…</translation>
    </message>
    <message>
        <source>Local time, UTC, the server&apos;s</source>
        <translation>本地时间、UTC、服务器时间</translation>
    </message>
    <message>
        <source>Compare with the day before</source>
        <translation>与前一天对比</translation>
    </message>
    <message>
        <source>Compare with the week before</source>
        <translation>与前一周对比</translation>
    </message>
    <message>
        <source>Export the range shown…</source>
        <translation>导出显示的时段…</translation>
    </message>
    <message>
        <source>Report of the range shown…</source>
        <translation>显示时段的报告…</translation>
    </message>
    <message>
        <source>Record, or stop and save…</source>
        <translation>开始录制，或停止并保存…</translation>
    </message>
    <message>
        <source>Save the last 15 minutes as a recording…</source>
        <translation>将最近 15 分钟保存为录制…</translation>
    </message>
    <message>
        <source>Open a recording…</source>
        <translation>打开录制…</translation>
    </message>
    <message>
        <source>Play the recording or stop it</source>
        <translation>播放或暂停录制</translation>
    </message>
    <message>
        <source>Compare two recordings…</source>
        <translation>比较两份录制…</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>监控目标</translation>
    </message>
    <message>
        <source>Add a target…</source>
        <translation>添加目标…</translation>
    </message>
    <message>
        <source>Show the own pool or targets…</source>
        <translation>显示自己的连接池或目标…</translation>
    </message>
    <message>
        <source>History from this console or a server</source>
        <translation>历史来自本控制台或服务器</translation>
    </message>
    <message>
        <source>Save the panel as a picture…</source>
        <translation>将面板保存为图片…</translation>
    </message>
    <message>
        <source>Read the configuration file again</source>
        <translation>重新读取配置文件</translation>
    </message>
</context>
<context>
    <name>widgets::AlertList</name>
    <message>
        <source>All quiet: no alert is pending or firing</source>
        <translation>一切正常：没有待触发或触发中的告警</translation>
    </message>
    <message>
        <source> · pending, fires in %1</source>
        <translation> · 待触发，%1 后触发</translation>
    </message>
    <message>
        <source> · covered by %1</source>
        <translation> · 已由 %1 覆盖</translation>
    </message>
    <message>
        <source>alerts: %1</source>
        <translation>告警：%1</translation>
    </message>
    <message>
        <source>No rule was evaluated yet</source>
        <translation>尚未评估任何规则</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>还有 %1 项</translation>
    </message>
    <message>
        <source>ack</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>snooze</source>
        <translation>稍后提醒</translation>
    </message>
</context>
<context>
    <name>widgets::AlertsPanel</name>
    <message>
        <source>Rules %1</source>
        <translation>规则 %1</translation>
    </message>
    <message>
        <source>Sources %1</source>
        <translation>数据源 %1</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>resolved %1</source>
        <translation>%1 恢复</translation>
    </message>
    <message>
        <source>Active alerts</source>
        <translation>活动告警</translation>
    </message>
    <message>
        <source>Watched</source>
        <translation>监控内容</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>重新加载规则</translation>
    </message>
    <message>
        <source>Reads the rule files again; a broken one keeps the old rules</source>
        <translation>重新读取规则文件；文件有误时保留原有规则</translation>
    </message>
    <message>
        <source>No alerts: nothing is pending, firing, or was resolved in the last 15 minutes.</source>
        <translation>没有告警：没有待触发、触发中或近 15 分钟内恢复的告警。</translation>
    </message>
    <message>
        <source>No source has reported yet.</source>
        <translation>尚无数据源上报。</translation>
    </message>
    <message>
        <source>Sources of metrics</source>
        <translation>指标数据源</translation>
    </message>
    <message>
        <source>%1 firing · %2 covered · %3 pending · %4 resolved in the last 15 min</source>
        <translation>触发中 %1 · 已覆盖 %2 · 待触发 %3 · 近 15 分钟恢复 %4</translation>
    </message>
    <message>
        <source>Notifications %1</source>
        <translation>通知 %1</translation>
    </message>
    <message>
        <source>✓ acknowledged by %1 at %2: %3</source>
        <translation>✓ 已由 %1 于 %2 确认：%3</translation>
    </message>
    <message>
        <source>snoozed until %1</source>
        <translation>已暂停提醒至 %1</translation>
    </message>
    <message>
        <source>silenced</source>
        <translation>已静默</translation>
    </message>
    <message>
        <source>was silenced before: %1</source>
        <translation>之前曾被静默：%1</translation>
    </message>
    <message>
        <source>flapping: comes and goes</source>
        <translation>抖动：反复触发与恢复</translation>
    </message>
    <message>
        <source>no data: the state is the last one known</source>
        <translation>无数据：显示的是最后已知状态</translation>
    </message>
    <message>
        <source>the rule cannot be evaluated: the state is the last one known</source>
        <translation>规则无法求值：显示的是最后已知状态</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Silences</source>
        <translation>静默</translation>
    </message>
    <message>
        <source>Silences %1</source>
        <translation>静默 %1</translation>
    </message>
    <message>
        <source>Acknowledge …</source>
        <translation>确认…</translation>
    </message>
    <message>
        <source>Acknowledge (A)</source>
        <translation>确认 (A)</translation>
    </message>
    <message>
        <source>Snooze</source>
        <translation>稍后提醒</translation>
    </message>
    <message>
        <source>Snooze (S)</source>
        <translation>稍后提醒 (S)</translation>
    </message>
    <message>
        <source>Silence …</source>
        <translation>静默…</translation>
    </message>
    <message>
        <source>Silence (Shift+S)</source>
        <translation>静默 (Shift+S)</translation>
    </message>
    <message>
        <source>Import rules</source>
        <translation>导入规则</translation>
    </message>
    <message>
        <source>Export rules</source>
        <translation>导出规则</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Copies the rule files in use into a folder</source>
        <translation>将使用中的规则文件复制到某个目录</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>What was not taken, or is different here</source>
        <translation>未导入或有出入的内容</translation>
    </message>
    <message>
        <source>Prometheus rules, Alertmanager configuration (*.yml *.yaml *.rules)</source>
        <translation>Prometheus 规则、Alertmanager 配置 (*.yml *.yaml *.rules)</translation>
    </message>
    <message>
        <source>Takes a Prometheus rule file, or what it can of an Alertmanager&apos;s configuration</source>
        <translation>导入 Prometheus 规则文件，或 Alertmanager 配置中能够对应的部分</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Cluster ?</source>
        <translation>集群 ?</translation>
    </message>
    <message>
        <source>Cluster %1</source>
        <translation>集群 %1</translation>
    </message>
    <message>
        <source>Prometheus</source>
        <translation>Prometheus</translation>
    </message>
    <message>
        <source>Prometheus ?</source>
        <translation>Prometheus ?</translation>
    </message>
    <message>
        <source>Prometheus %1</source>
        <translation>Prometheus %1</translation>
    </message>
    <message>
        <source>told by %1, not from here</source>
        <translation>由 %1 通知，不由此处通知</translation>
    </message>
    <message>
        <source>a shadow: compared with Prometheus, never told</source>
        <translation>影子规则：只与 Prometheus 对比，从不通知</translation>
    </message>
    <message>
        <source>its Prometheus cannot be seen to watch it; not yet told from here</source>
        <translation>无法确认其 Prometheus 正在监控；尚未由此处通知</translation>
    </message>
    <message>
        <source>Prometheus owns it: of what was told from here the end is told, nothing else</source>
        <translation>归 Prometheus：此处只通知已通知过的告警的结束</translation>
    </message>
    <message>
        <source>told from here, for its Prometheus does not watch it</source>
        <translation>其 Prometheus 未监控，由此处通知</translation>
    </message>
    <message>
        <source>%1 tells of it, and no Alertmanager is watched from here that could be asked to be quiet: name its peers under &quot;alertmanager&quot; in the configuration file</source>
        <translation>由 %1 通知，而此处没有可请求静默的 Alertmanager：请在配置文件的 &quot;alertmanager&quot; 下写明节点</translation>
    </message>
    <message>
        <source>only of %1, not %2 of others</source>
        <translation>仅 %1 的告警，未列出其他 %2 条</translation>
    </message>
    <message>
        <source>No alerts of %1: nothing is pending, firing, or was resolved in the last 15 minutes.</source>
        <translation>%1 没有告警：过去 15 分钟内没有待定、触发或已恢复的告警。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Ends the acknowledgement at every Alertmanager (A)</source>
        <translation>在所有 Alertmanager 上结束确认（A）</translation>
    </message>
</context>
<context>
    <name>widgets::AnswerModel</name>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>widgets::AnswerView</name>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Series of the result</source>
        <translation>结果的序列</translation>
    </message>
    <message>
        <source>Result as a table</source>
        <translation>表格形式的结果</translation>
    </message>
</context>
<context>
    <name>widgets::AutopsiesTab</name>
    <message>
        <source>first %1 of %2</source>
        <translation>前 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>No request has come away empty-handed so far. Each timeout is kept here with what the pool looked like at that moment.</source>
        <translation>目前没有请求空手而归。每次超时都会连同当时连接池的状态一起保留在这里。</translation>
    </message>
    <message>
        <source>Requests that got no connection</source>
        <translation>未获得连接的请求</translation>
    </message>
    <message>
        <source>In use at that moment</source>
        <translation>当时使用中</translation>
    </message>
    <message>
        <source>Nobody held a connection.</source>
        <translation>没有连接被占用。</translation>
    </message>
    <message>
        <source>Waiting at that moment</source>
        <translation>当时等待中</translation>
    </message>
    <message>
        <source>Nobody else waited.</source>
        <translation>没有其他等待者。</translation>
    </message>
</context>
<context>
    <name>widgets::Banner</name>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>next try in %1</source>
        <translation>%1 后重试</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>widgets::ChannelDialog</name>
    <message>
        <source>New channel</source>
        <translation>新建通道</translation>
    </message>
    <message>
        <source>Channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时机</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>letters, digits, - and _</source>
        <translation>字母、数字、- 和 _</translation>
    </message>
    <message>
        <source>Messages are sent</source>
        <translation>启用发送</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Secrets typed here go into your key ring.</source>
        <translation>在此输入的密钥将保存到您的密钥环。</translation>
    </message>
    <message>
        <source>There is no key ring here: secrets typed here go into secrets.yml, which only you can read.</source>
        <translation>此处没有密钥环：在此输入的密钥将保存到 secrets.yml，仅您本人可读。</translation>
    </message>
    <message>
        <source>Secrets typed here go into your key ring, or into secrets.yml, which only you can read.</source>
        <translation>在此输入的密钥将保存到您的密钥环，或保存到仅您本人可读的 secrets.yml。</translation>
    </message>
    <message>
        <source>labels, with commas; ... is each alert alone</source>
        <translation>标签，以逗号分隔；... 表示每条告警单独发送</translation>
    </message>
    <message>
        <source>as the rule says</source>
        <translation>按规则设置</translation>
    </message>
    <message>
        <source>Also when an alert is over</source>
        <translation>告警恢复时也通知</translation>
    </message>
    <message>
        <source>Silent between these times</source>
        <translation>在以下时段免打扰</translation>
    </message>
    <message>
        <source>Group by</source>
        <translation>分组标签</translation>
    </message>
    <message>
        <source>Wait for others</source>
        <translation>分组等待</translation>
    </message>
    <message>
        <source>Between changes</source>
        <translation>变更间隔</translation>
    </message>
    <message>
        <source>Repeat after</source>
        <translation>重复间隔</translation>
    </message>
    <message>
        <source>From severity</source>
        <translation>最低级别</translation>
    </message>
    <message>
        <source>Quiet hours</source>
        <translation>免打扰时段</translation>
    </message>
    <message>
        <source>Told all the same</source>
        <translation>仍然通知的级别</translation>
    </message>
    <message>
        <source>the built-in one</source>
        <translation>内置模板</translation>
    </message>
    <message>
        <source>the built-in one; for example:</source>
        <translation>内置模板；例如：</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Send a test</source>
        <translation>发送测试</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>This channel stands in the configuration file and is changed there.</source>
        <translation>此通道在配置文件中定义，请在配置文件中修改。</translation>
    </message>
    <message>
        <source>A test is under way; its outcome comes as a note in the window.</source>
        <translation>正在发送测试，结果将在窗口中提示。</translation>
    </message>
</context>
<context>
    <name>widgets::ChannelForm</name>
    <message>
        <source>one a line</source>
        <translation>每行一个</translation>
    </message>
    <message>
        <source>kept in the key ring; type to replace it</source>
        <translation>已保存在密钥环中；输入以替换</translation>
    </message>
    <message>
        <source>from the environment variable %1; type to replace it</source>
        <translation>来自环境变量 %1；输入以替换</translation>
    </message>
    <message>
        <source>kept in secrets.yml as %1; type to replace it</source>
        <translation>已在 secrets.yml 中保存为 %1；输入以替换</translation>
    </message>
</context>
<context>
    <name>widgets::ChannelsView</name>
    <message>
        <source>Remove %1?</source>
        <translation>删除 %1？</translation>
    </message>
    <message>
        <source>What waits in its queue is thrown away, and so are its secrets.</source>
        <translation>队列中待发送的消息及其密钥将一并删除。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Add a channel …</source>
        <translation>添加通道…</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Send a test</source>
        <translation>发送测试</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通知通道</translation>
    </message>
    <message>
        <source>Nobody is told yet: add mail, Slack, DingTalk, a webhook, Alertmanager, a command or the desktop.</source>
        <translation>尚未配置通知：可添加邮件、Slack、钉钉、Webhook、Alertmanager、命令或桌面通知。</translation>
    </message>
</context>
<context>
    <name>widgets::ChartGroup</name>
    <message>
        <source>the day before</source>
        <translation>前一天</translation>
    </message>
    <message>
        <source>the week before</source>
        <translation>前一周</translation>
    </message>
    <message>
        <source>recording · %1</source>
        <translation>录制 · %1</translation>
    </message>
    <message>
        <source>history · %1</source>
        <translation>历史 · %1</translation>
    </message>
    <message>
        <source>memory · %1</source>
        <translation>内存 · %1</translation>
    </message>
</context>
<context>
    <name>widgets::ChartSeam</name>
    <message>
        <source>%1 has nothing of this</source>
        <translation>%1 没有这部分数据</translation>
    </message>
</context>
<context>
    <name>widgets::ChartTableModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>%1, mean</source>
        <translation>%1（平均）</translation>
    </message>
    <message>
        <source>%1, smallest</source>
        <translation>%1（最小）</translation>
    </message>
    <message>
        <source>%1, largest</source>
        <translation>%1（最大）</translation>
    </message>
    <message>
        <source>Time, %1 each</source>
        <translation>时间（每格 %1）</translation>
    </message>
</context>
<context>
    <name>widgets::ChartWidget</name>
    <message>
        <source>Show as table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
    <message>
        <source>no sample</source>
        <translation>无采样</translation>
    </message>
    <message>
        <source>Zoom in here</source>
        <translation>放大这一段</translation>
    </message>
    <message>
        <source>Add a note…</source>
        <translation>添加备注…</translation>
    </message>
    <message>
        <source>Save as picture…</source>
        <translation>另存为图片…</translation>
    </message>
    <message>
        <source>Save the chart as a picture</source>
        <translation>将图表保存为图片</translation>
    </message>
    <message>
        <source>Export all series of this stretch…</source>
        <translation>导出此段的所有序列…</translation>
    </message>
    <message>
        <source>Report of this stretch…</source>
        <translation>此段的报告…</translation>
    </message>
    <message>
        <source>Save figures…</source>
        <translation>保存数据…</translation>
    </message>
    <message>
        <source>Save the chart&apos;s figures</source>
        <translation>保存图表数据</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Move the threshold of %1 (Alt+↑ ↓)</source>
        <translation>移动 %1 的阈值（Alt+↑ ↓）</translation>
    </message>
    <message>
        <source>↑ ↓ moves the threshold (Shift: ten steps), Enter sets it, Esc leaves it as it was</source>
        <translation>↑ ↓ 移动阈值（Shift：十步），Enter 确定，Esc 保持原值</translation>
    </message>
</context>
<context>
    <name>widgets::ClusterPage</name>
    <message>
        <source>Alerts ?</source>
        <translation>告警 ?</translation>
    </message>
    <message>
        <source>Alerts %1</source>
        <translation>告警 %1</translation>
    </message>
    <message>
        <source>Silences ?</source>
        <translation>静默 ?</translation>
    </message>
    <message>
        <source>Silences %1</source>
        <translation>静默 %1</translation>
    </message>
    <message>
        <source>Peers %1</source>
        <translation>节点 %1</translation>
    </message>
    <message>
        <source>All peers answer.</source>
        <translation>所有节点均有响应。</translation>
    </message>
    <message>
        <source>No answer: %1</source>
        <translation>无响应：%1</translation>
    </message>
    <message>
        <source>No Alertmanager is watched. Name its peers in the configuration file, under &quot;alertmanager&quot;: poolscope --print-config shows how.</source>
        <translation>未监视任何 Alertmanager。请在配置文件的 “alertmanager” 下列出其节点：poolscope --print-config 有示例。</translation>
    </message>
    <message>
        <source>No peer answers: what is known there cannot be told.</source>
        <translation>没有节点响应：无法得知那里的情况。</translation>
    </message>
    <message>
        <source>Nothing fires there.</source>
        <translation>那里没有触发的告警。</translation>
    </message>
    <message>
        <source>Nothing is silenced there.</source>
        <translation>那里没有静默。</translation>
    </message>
    <message>
        <source>Acknowledge …</source>
        <translation>确认…</translation>
    </message>
    <message>
        <source>Silence …</source>
        <translation>静默…</translation>
    </message>
    <message>
        <source>Silences what you choose at every Alertmanager</source>
        <translation>在每个 Alertmanager 上静默所选内容</translation>
    </message>
    <message>
        <source>End it now</source>
        <translation>立即结束</translation>
    </message>
    <message>
        <source>Ends the chosen silence wherever it stands</source>
        <translation>在所有位置结束所选静默</translation>
    </message>
    <message>
        <source>Look now</source>
        <translation>立即查询</translation>
    </message>
    <message>
        <source>Asks every peer now, not with the next round</source>
        <translation>立即询问每个节点，不等下一轮</translation>
    </message>
    <message>
        <source>Alerts of other Alertmanagers</source>
        <translation>其他 Alertmanager 的告警</translation>
    </message>
    <message>
        <source>Silences of other Alertmanagers</source>
        <translation>其他 Alertmanager 的静默</translation>
    </message>
    <message>
        <source>Alertmanagers</source>
        <translation>Alertmanager 列表</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Ends the acknowledgement at every Alertmanager: they tell of the alert again</source>
        <translation>在所有 Alertmanager 上结束确认：将再次通知该告警</translation>
    </message>
    <message>
        <source>Silences the chosen alert at every Alertmanager in your name, while it fires</source>
        <translation>以您的名义在所有 Alertmanager 上静默所选告警，直到其恢复</translation>
    </message>
</context>
<context>
    <name>widgets::CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>想要做什么？</translation>
    </message>
    <message>
        <source>Find an action</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>Actions found</source>
        <translation>找到的操作</translation>
    </message>
</context>
<context>
    <name>widgets::CompareDialog</name>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>导出 CSV…</translation>
    </message>
    <message>
        <source>Compare two recordings</source>
        <translation>比较两份录制</translation>
    </message>
    <message>
        <source>Stretches of time are compared, by a rank test that knows how many series there are: what is called a difference is more than noise.</source>
        <translation>按时间段比较，采用针对序列数量校正的秩检验：被判定为差异的均超出噪声。</translation>
    </message>
    <message>
        <source>Nothing has been compared yet</source>
        <translation>尚未进行比较</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a recording</source>
        <translation>选择录制</translation>
    </message>
    <message>
        <source>Recordings (*.poolscope)</source>
        <translation>录制 (*.poolscope)</translation>
    </message>
    <message>
        <source>%1 of %2 series differ by more than noise.</source>
        <translation>%2 个序列中有 %1 个的差异超出噪声。</translation>
    </message>
</context>
<context>
    <name>widgets::ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>widgets::CulpritCard</name>
    <message>
        <source>Culprits: %1, %2</source>
        <translation>来源：%1，%2</translation>
    </message>
    <message>
        <source>the last %1</source>
        <translation>最近 %1 个</translation>
    </message>
    <message>
        <source>Close the list of culprits</source>
        <translation>关闭来源列表</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Culprits</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>None of these is remembered: the last eight of each bucket are kept.</source>
        <translation>没有留下记录：每个桶保留最近八个。</translation>
    </message>
</context>
<context>
    <name>widgets::EntryTable</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Add a line</source>
        <translation>添加一行</translation>
    </message>
    <message>
        <source>Take the chosen line away</source>
        <translation>删除所选行</translation>
    </message>
</context>
<context>
    <name>widgets::EventsTab</name>
    <message>
        <source>All events</source>
        <translation>全部事件</translation>
    </message>
    <message>
        <source>Those that need attention</source>
        <translation>需要关注的事件</translation>
    </message>
    <message>
        <source>Save the events shown</source>
        <translation>保存显示的事件</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON 行 (*.jsonl)</translation>
    </message>
    <message>
        <source>%1 of %2 events shown, newest first; the newest %3 are kept</source>
        <translation>显示 %1 / %2 个事件，最新在前；保留最新 %3 个</translation>
    </message>
    <message>
        <source>Kind of event</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>Filter: caller, place in the code, details, SQLSTATE</source>
        <translation>筛选：调用方、代码位置、详情、SQLSTATE</translation>
    </message>
    <message>
        <source>Filter the events</source>
        <translation>筛选事件</translation>
    </message>
    <message>
        <source>Export JSONL…</source>
        <translation>导出 JSONL…</translation>
    </message>
    <message>
        <source>No events of this kind yet.</source>
        <translation>尚无此类事件。</translation>
    </message>
    <message>
        <source>Events of the pool</source>
        <translation>连接池事件</translation>
    </message>
</context>
<context>
    <name>widgets::ExplorePanel</name>
    <message>
        <source>Memory and history</source>
        <translation>内存与历史</translation>
    </message>
    <message>
        <source>Who is asked: this console, or a server named under prometheus: in the configuration</source>
        <translation>查询对象：本控制台，或配置中 prometheus: 下指定的服务器</translation>
    </message>
    <message>
        <source>%1, a value every %2</source>
        <translation>%1，每 %2 一个值</translation>
    </message>
    <message>
        <source>Nothing was asked yet</source>
        <translation>尚无查询</translation>
    </message>
    <message>
        <source>Stopped after %1.</source>
        <translation>已在 %1 后停止。</translation>
    </message>
    <message>
        <source>The first sample comes in a moment.</source>
        <translation>首个采样即将到来。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Asking …</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>the first %1 of %2 series · %3 ms</source>
        <translation>前 %1 条，共 %2 条序列 · %3 ms</translation>
    </message>
    <message>
        <source>series: %1 · %2 ms</source>
        <translation>序列：%1 · %2 ms</translation>
    </message>
    <message>
        <source>No series has samples for this.</source>
        <translation>没有符合条件的采样。</translation>
    </message>
    <message>
        <source>See what is wrong above.</source>
        <translation>请查看上方的错误。</translation>
    </message>
    <message>
        <source>Copied as CSV</source>
        <translation>已复制为 CSV</translation>
    </message>
    <message>
        <source>Add an expression</source>
        <translation>添加表达式</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Copy CSV</source>
        <translation>复制 CSV</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Enter in the field; Ctrl+Space completes, Shift+Enter begins a new line</source>
        <translation>在输入框中按 Enter 执行；Ctrl+空格 补全，Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Type an expression and press Enter.</source>
        <translation>输入表达式并按 Enter。</translation>
    </message>
</context>
<context>
    <name>widgets::ExpressionRow</name>
    <message>
        <source>At character %1: %2</source>
        <translation>第 %1 个字符：%2</translation>
    </message>
    <message>
        <source>PromQL, for example rate(db_connection_checkout_total[1m])</source>
        <translation>PromQL，例如 rate(db_connection_checkout_total[1m])</translation>
    </message>
    <message>
        <source>Expression %1</source>
        <translation>表达式 %1</translation>
    </message>
    <message>
        <source>Take this expression away</source>
        <translation>移除此表达式</translation>
    </message>
</context>
<context>
    <name>widgets::FileJob</name>
    <message>
        <source>Writing a file</source>
        <translation>正在写入文件</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>正在写入 %1…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Giving up…</source>
        <translation>正在放弃…</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>Not written: %1</source>
        <translation>未写入：%1</translation>
    </message>
    <message>
        <source>Given up: nothing was written</source>
        <translation>已放弃：未写入任何内容</translation>
    </message>
</context>
<context>
    <name>widgets::Health</name>
    <message>
        <source>PostgreSQL is starting</source>
        <translation>PostgreSQL 正在启动</translation>
    </message>
    <message>
        <source>PostgreSQL does not answer</source>
        <translation>PostgreSQL 无响应</translation>
    </message>
    <message>
        <source>pool cannot connect</source>
        <translation>连接池无法连接</translation>
    </message>
    <message>
        <source>pool is suspended</source>
        <translation>连接池已挂起</translation>
    </message>
    <message>
        <source>pool is draining</source>
        <translation>连接池排空中</translation>
    </message>
    <message>
        <source>pool usage over 90 %</source>
        <translation>连接池使用率过高（&gt;90%）</translation>
    </message>
    <message>
        <source>pool usage over 80 %</source>
        <translation>连接池使用率较高（&gt;80%）</translation>
    </message>
</context>
<context>
    <name>widgets::HeatMap</name>
    <message>
        <source>Nothing observed in this time</source>
        <translation>此时段内没有观测值</translation>
    </message>
    <message>
        <source>%1 … %2
%3: %4 of %5</source>
        <translation>%1 … %2
%3：%5 个中的 %4 个</translation>
    </message>
</context>
<context>
    <name>widgets::HistogramChart</name>
    <message>
        <source>Nothing observed yet</source>
        <translation>尚无观测数据</translation>
    </message>
    <message>
        <source>%1 … %2: %3 of %4 (%5)</source>
        <translation>%1 … %2：%3 / %4（%5）</translation>
    </message>
</context>
<context>
    <name>widgets::HistoryPage</name>
    <message>
        <source>%1 incidents · acknowledged after %2 · resolved after %3 (mean)</source>
        <translation>%1 起事件 · 平均 %2 后确认 · 平均 %3 后恢复</translation>
    </message>
    <message>
        <source>Filter: name, label, text, who</source>
        <translation>筛选：名称、标签、文本、操作人</translation>
    </message>
    <message>
        <source>Filter of incidents</source>
        <translation>事件筛选</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Any severity</source>
        <translation>所有级别</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近一小时</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>最近一天</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>最近一周</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>No incident in this time.</source>
        <translation>此时间段内没有事件。</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>the newest %1</source>
        <translation>最新 %1</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Any rule</source>
        <translation>所有规则</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>所有状态</translation>
    </message>
    <message>
        <source>Export CSV …</source>
        <translation>导出 CSV…</translation>
    </message>
    <message>
        <source>A double click shows the charts five minutes before and after</source>
        <translation>双击可查看其前后五分钟的图表</translation>
    </message>
</context>
<context>
    <name>widgets::HostPanel</name>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>负载</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 分钟</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 分钟</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>swap</source>
        <translation>交换区</translation>
    </message>
    <message>
        <source>Disk I/O</source>
        <translation>磁盘 I/O</translation>
    </message>
    <message>
        <source>read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>written</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>received</source>
        <translation>接收</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>压力</translation>
    </message>
    <message>
        <source>I/O</source>
        <translation>I/O</translation>
    </message>
    <message>
        <source>Disk use</source>
        <translation>磁盘使用</translation>
    </message>
    <message>
        <source>Processors</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>No figures for single processors yet</source>
        <translation>尚无单个处理器的数据</translation>
    </message>
    <message>
        <source>Disks</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>No disk was seen yet</source>
        <translation>尚未发现磁盘</translation>
    </message>
    <message>
        <source>Cost of watching</source>
        <translation>监控开销</translation>
    </message>
    <message>
        <source>This kernel tells nothing about pressure (PSI)</source>
        <translation>此内核不提供压力信息（PSI）</translation>
    </message>
    <message>
        <source>Share of the time in which some work waited for the resource</source>
        <translation>有任务等待该资源的时间占比</translation>
    </message>
    <message>
        <source>%1 of %2 used</source>
        <translation>已用 %1 / %2</translation>
    </message>
    <message>
        <source>%1 · %2 free</source>
        <translation>%1 · 可用 %2</translation>
    </message>
    <message>
        <source>CPU, of one core</source>
        <translation>CPU（单核占比）</translation>
    </message>
    <message>
        <source>Server&apos;s time</source>
        <translation>数据库耗时</translation>
    </message>
    <message>
        <source>One sample takes</source>
        <translation>单次采样耗时</translation>
    </message>
    <message>
        <source>Samples missed</source>
        <translation>错过的采样</translation>
    </message>
    <message>
        <source>Events dropped</source>
        <translation>丢弃的事件</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>cores: %1</source>
        <translation>核心数：%1</translation>
    </message>
</context>
<context>
    <name>widgets::IncidentDetail</name>
    <message>
        <source>fired %1</source>
        <translation>触发于 %1</translation>
    </message>
    <message>
        <source>resolved %1</source>
        <translation>恢复于 %1</translation>
    </message>
    <message>
        <source>worst value %1</source>
        <translation>最差值 %1</translation>
    </message>
    <message>
        <source>came back %1 times while recovering</source>
        <translation>恢复期间再次触发 %1 次</translation>
    </message>
    <message>
        <source>acknowledged by %1: %2</source>
        <translation>已由 %1 确认：%2</translation>
    </message>
    <message>
        <source>leak suspected</source>
        <translation>疑似泄漏</translation>
    </message>
    <message>
        <source>Who held connections</source>
        <translation>占用连接者</translation>
    </message>
    <message>
        <source>Who waited</source>
        <translation>等待者</translation>
    </message>
    <message>
        <source>Sessions in the way</source>
        <translation>阻塞的会话</translation>
    </message>
    <message>
        <source>Slow statements</source>
        <translation>慢语句</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>连接池</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>What was seen when it fired</source>
        <translation>触发时的现场</translation>
    </message>
    <message>
        <source>blocks others</source>
        <translation>阻塞其他会话</translation>
    </message>
    <message>
        <source>waits for %1</source>
        <translation>等待 %1</translation>
    </message>
    <message>
        <source>What responses did</source>
        <translation>自动响应做了什么</translation>
    </message>
    <message>
        <source>Open its recording</source>
        <translation>打开事件录制</translation>
    </message>
    <message>
        <source>Shows the minutes around this incident as if they were now</source>
        <translation>像实时一样查看该事件前后的数分钟</translation>
    </message>
    <message>
        <source>Its recording is saved three minutes after it fired</source>
        <translation>触发三分钟后保存其录制</translation>
    </message>
    <message>
        <source>Incidents save no recordings here (black_box in the configuration)</source>
        <translation>此处事件不保存录制（见配置中的 black_box）</translation>
    </message>
    <message>
        <source>There is no recording: it has made room for newer ones, or could not be saved</source>
        <translation>没有录制：已为较新的录制让出空间，或未能保存</translation>
    </message>
    <message>
        <source>nothing runs, the last was %1</source>
        <translation>未在执行，上一条为 %1</translation>
    </message>
</context>
<context>
    <name>widgets::LaneView</name>
    <message>
        <source>since before %1</source>
        <translation>早于 %1</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Place %1 at %2: %3, %4</source>
        <translation>位置 %1，%2：%3，%4</translation>
    </message>
    <message>
        <source>taken for %1 by %2</source>
        <translation>被 %2 占用 %1</translation>
    </message>
    <message>
        <source>a caller without a tag</source>
        <translation>无标签的调用方</translation>
    </message>
    <message>
        <source>backend %1, uses in this step: %2</source>
        <translation>后端 %1，此步内使用次数：%2</translation>
    </message>
</context>
<context>
    <name>widgets::LatencyPanel</name>
    <message>
        <source>Wait for a connection</source>
        <translation>等待连接</translation>
    </message>
    <message>
        <source>Wait over time</source>
        <translation>等待时间变化</translation>
    </message>
    <message>
        <source>Connection in use</source>
        <translation>连接占用</translation>
    </message>
    <message>
        <source>Use over time</source>
        <translation>占用时间变化</translation>
    </message>
    <message>
        <source>Query duration</source>
        <translation>查询耗时</translation>
    </message>
    <message>
        <source>Queries over time</source>
        <translation>查询耗时变化</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>queries</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>checkouts</source>
        <translation>获取连接</translation>
    </message>
    <message>
        <source>Slow queries and errors</source>
        <translation>慢查询与错误</translation>
    </message>
    <message>
        <source>slow</source>
        <translation>慢查询</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>%1 checkouts since the start</source>
        <translation>启动以来获取连接 %1 次</translation>
    </message>
    <message>
        <source>%1 slow · %2 errors since the start</source>
        <translation>启动以来慢查询 %1 · 错误 %2</translation>
    </message>
    <message>
        <source>Every wait</source>
        <translation>每次等待</translation>
    </message>
    <message>
        <source>Every use</source>
        <translation>每次使用</translation>
    </message>
    <message>
        <source>Every query</source>
        <translation>每次查询</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
</context>
<context>
    <name>widgets::LinesTab</name>
    <message>
        <source>idle, lent out in between</source>
        <translation>空闲，其间曾借出</translation>
    </message>
    <message>
        <source>Each place gets a line here as soon as the pool has been looked at.</source>
        <translation>采集到连接池后，每个位置在这里各占一行。</translation>
    </message>
    <message>
        <source>Life-lines of the pool&apos;s places</source>
        <translation>连接池各位置的生命线</translation>
    </message>
    <message>
        <source>Colours of the life-lines</source>
        <translation>生命线的颜色</translation>
    </message>
    <message>
        <source>Life-lines are kept for the last hour only.</source>
        <translation>生命线仅保留最近一小时。</translation>
    </message>
</context>
<context>
    <name>widgets::LogFiles</name>
    <message>
        <source>Watched logs</source>
        <translation>监视的日志</translation>
    </message>
    <message>
        <source>No log is watched. Name files under logs: in the configuration.</source>
        <translation>没有监视任何日志。请在配置的 logs: 下指定文件。</translation>
    </message>
</context>
<context>
    <name>widgets::LogPanel</name>
    <message>
        <source>Save the log lines shown</source>
        <translation>保存显示的日志</translation>
    </message>
    <message>
        <source>%1 of %2 lines shown, the newest %3 are kept</source>
        <translation>显示 %1 / %2 行，保留最新 %3 行</translation>
    </message>
    <message>
        <source>No valid expression (%1): looked for as it stands</source>
        <translation>表达式无效（%1）：按原文查找</translation>
    </message>
    <message>
        <source>Lowest level shown</source>
        <translation>显示的最低级别</translation>
    </message>
    <message>
        <source>Filter: a text, or /a regular expression/</source>
        <translation>过滤：文本，或 /正则表达式/</translation>
    </message>
    <message>
        <source>Filter the log</source>
        <translation>过滤日志</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Stays at the newest line; scrolling up stops it</source>
        <translation>停留在最新一行；向上滚动即停止</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Clear view</source>
        <translation>清空视图</translation>
    </message>
    <message>
        <source>Empties the view, not the log file</source>
        <translation>只清空视图，不影响日志文件</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>No lines of this kind yet.</source>
        <translation>尚无此类日志。</translation>
    </message>
    <message>
        <source>Log lines</source>
        <translation>日志行</translation>
    </message>
</context>
<context>
    <name>widgets::MarksDialog</name>
    <message>
        <source>Entries: %1</source>
        <translation>共 %1 条</translation>
    </message>
    <message>
        <source>Delete the note</source>
        <translation>删除备注</translation>
    </message>
    <message>
        <source>Marks and notes</source>
        <translation>标记与备注</translation>
    </message>
    <message>
        <source>Filter: text, kind, time</source>
        <translation>筛选：内容、类别、时间</translation>
    </message>
    <message>
        <source>Filter of marks</source>
        <translation>标记筛选</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Own notes</source>
        <translation>我的备注</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Scenarios</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>No data, starts</source>
        <translation>无数据与启动</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What the charts show</source>
        <translation>图表所示范围</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>最近一天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 90 days</source>
        <translation>最近 90 天</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Nothing happened in this time</source>
        <translation>这段时间没有事项</translation>
    </message>
    <message>
        <source>Show in the charts</source>
        <translation>在图表中查看</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>New note…</source>
        <translation>新备注…</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>导出 CSV…</translation>
    </message>
</context>
<context>
    <name>widgets::Meters</name>
    <message>
        <source>and %1 more</source>
        <translation>还有 %1 项</translation>
    </message>
</context>
<context>
    <name>widgets::NavBar</name>
    <message>
        <source>%1 wait</source>
        <translation>%1 等待</translation>
    </message>
    <message>
        <source>Cost of watching</source>
        <translation>监控开销</translation>
    </message>
</context>
<context>
    <name>widgets::NoteDialog</name>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>What happened?</source>
        <translation>发生了什么？</translation>
    </message>
    <message>
        <source>Text of the note</source>
        <translation>备注内容</translation>
    </message>
    <message>
        <source>Add the note</source>
        <translation>添加备注</translation>
    </message>
    <message>
        <source>At %1</source>
        <translation>时间 %1</translation>
    </message>
    <message>
        <source>Keep it so</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>widgets::OverviewPanel</name>
    <message>
        <source>Usage</source>
        <translation>使用率</translation>
    </message>
    <message>
        <source>usage</source>
        <translation>使用率</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>overflow</source>
        <translation>溢出</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Disk /</source>
        <translation>磁盘 /</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>负载</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 分钟</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>in</source>
        <translation>入</translation>
    </message>
    <message>
        <source>out</source>
        <translation>出</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>连接池</translation>
    </message>
    <message>
        <source>Places of the pool</source>
        <translation>连接池的位置</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Wait p95</source>
        <translation>等待 p95</translation>
    </message>
    <message>
        <source>Queries</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>慢查询</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Wait for a connection</source>
        <translation>等待连接</translation>
    </message>
    <message>
        <source>Connection in use</source>
        <translation>连接占用</translation>
    </message>
    <message>
        <source>Query duration</source>
        <translation>查询耗时</translation>
    </message>
    <message>
        <source>Active alerts</source>
        <translation>活动告警</translation>
    </message>
    <message>
        <source>%1 of %2 in use · %3 could still open</source>
        <translation>使用中 %1 / %2 · 还可打开 %3</translation>
    </message>
    <message>
        <source> · %1 waiting, oldest %2</source>
        <translation> · %1 个等待，最久 %2</translation>
    </message>
    <message>
        <source>max %1</source>
        <translation>最大 %1</translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation>峰值 %1</translation>
    </message>
    <message>
        <source>oldest %1</source>
        <translation>最久 %1</translation>
    </message>
    <message>
        <source>p50 %1</source>
        <translation>p50 %1</translation>
    </message>
    <message>
        <source>p95 %1</source>
        <translation>p95 %1</translation>
    </message>
    <message>
        <source>none so far</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>last %1</source>
        <translation>最近 %1</translation>
    </message>
    <message>
        <source>%1 firing · %2 pending</source>
        <translation>触发中 %1 · 待触发 %2</translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> / %1</translation>
    </message>
    <message>
        <source>%1 · %2 free</source>
        <translation>%1 · 可用 %2</translation>
    </message>
    <message>
        <source>%1 · cores: %2</source>
        <translation>%1 · 核心数：%2</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source> · %1 covered</source>
        <translation> · 已覆盖 %1</translation>
    </message>
    <message>
        <source>as it was at %1, places are not in the history</source>
        <translation>%1 时的状态，历史中不含各连接位</translation>
    </message>
    <message>
        <source>at %1</source>
        <translation>%1 时</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录制</translation>
    </message>
</context>
<context>
    <name>widgets::OwnOnly</name>
    <message>
        <source>Scenarios load this program's own pool. Nothing can be started on %1, which is only watched.</source>
        <translation>场景只对本程序自己的连接池施加负载。%1 仅被监视，无法在其上启动任何场景。</translation>
    </message>
    <message>
        <source>The log is this program's, and of the files it follows on this machine. What %1 writes into a log is not told to it.</source>
        <translation>此处是本程序的日志以及它在本机跟踪的日志文件。%1 写入日志的内容无从得知。</translation>
    </message>
    <message>
        <source>Responses act on this program's own pool and on its callers. On %1, which is only watched, they have no hold; its alerts are told all the same.</source>
        <translation>自动响应只作用于本程序自己的连接池及其调用方。%1 仅被监视，无法对其操作；它的告警仍会照常通知。</translation>
    </message>
    <message>
        <source>Show the own pool</source>
        <translation>显示自己的连接池</translation>
    </message>
</context>
<context>
    <name>widgets::PictureDialog</name>
    <message>
        <source>As on the screen</source>
        <translation>与屏幕上相同</translation>
    </message>
    <message>
        <source>Slide (1280 × 720)</source>
        <translation>幻灯片 (1280 × 720)</translation>
    </message>
    <message>
        <source>Screen (1920 × 1080)</source>
        <translation>全屏 (1920 × 1080)</translation>
    </message>
    <message>
        <source>In a text (960 × 420)</source>
        <translation>文中插图 (960 × 420)</translation>
    </message>
    <message>
        <source>A4, landscape</source>
        <translation>A4 横向</translation>
    </message>
    <message>
        <source>A4, upright</source>
        <translation>A4 纵向</translation>
    </message>
    <message>
        <source>Another size</source>
        <translation>其他尺寸</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG 矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>PDF page (*.pdf)</source>
        <translation>PDF 页面 (*.pdf)</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>%1 × %2 pixels</source>
        <translation>%1 × %2 像素</translation>
    </message>
    <message>
        <source>%1 × %2 mm, sharp at any size</source>
        <translation>%1 × %2 毫米，任意放大都清晰</translation>
    </message>
</context>
<context>
    <name>widgets::PlaybackBar</name>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Stop here (P)</source>
        <translation>暂停 (P)</translation>
    </message>
    <message>
        <source>Play on (P)</source>
        <translation>播放 (P)</translation>
    </message>
    <message>
        <source>How many times as fast as it happened</source>
        <translation>播放速度（相对于实际发生速度的倍数）</translation>
    </message>
    <message>
        <source>Moment of the recording</source>
        <translation>录制中的时刻</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>返回实时</translation>
    </message>
</context>
<context>
    <name>widgets::PoolKnobs</name>
    <message>
        <source>first in, first out</source>
        <translation>先进先出</translation>
    </message>
    <message>
        <source>last in, first out</source>
        <translation>后进先出</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>不处理</translation>
    </message>
    <message>
        <source>roll back</source>
        <translation>回滚</translation>
    </message>
    <message>
        <source>roll back and clean</source>
        <translation>回滚并清理</translation>
    </message>
    <message>
        <source>DISCARD ALL</source>
        <translation>DISCARD ALL</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Connections kept open. 0 keeps all and limits those in use to the overflow.</source>
        <translation>保持打开的连接数。0 表示全部保留，使用中的连接以溢出数为限。</translation>
    </message>
    <message>
        <source>Overflow</source>
        <translation>溢出</translation>
    </message>
    <message>
        <source>Further connections, closed when they come back. -1 means no limit.</source>
        <translation>额外的连接，归还时关闭。-1 表示不限。</translation>
    </message>
    <message>
        <source>Timeout</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>How long a caller waits for a connection: queue, connect and validate together.</source>
        <translation>请求等待连接的最长时间：排队、连接与校验合计。</translation>
    </message>
    <message>
        <source>Recycle after</source>
        <translation>回收时限</translation>
    </message>
    <message>
        <source>Age at which a connection is replaced at its next use. 0 means never.</source>
        <translation>连接达到此时长后，在下次使用时更换。0 表示从不。</translation>
    </message>
    <message>
        <source>Pre-ping</source>
        <translation>预检</translation>
    </message>
    <message>
        <source>Looks whether a connection still lives before it is handed out.</source>
        <translation>交出连接前检查其是否可用。</translation>
    </message>
    <message>
        <source>Idle order</source>
        <translation>空闲顺序</translation>
    </message>
    <message>
        <source>Which idle connection is handed out next.</source>
        <translation>接下来交出哪个空闲连接。</translation>
    </message>
    <message>
        <source>Overflow lingers</source>
        <translation>溢出保留</translation>
    </message>
    <message>
        <source>How long an idle overflow connection stays open.</source>
        <translation>空闲的溢出连接保持打开的时间。</translation>
    </message>
    <message>
        <source>Idle at least</source>
        <translation>最少空闲</translation>
    </message>
    <message>
        <source>Idle connections kept ready.</source>
        <translation>保持就绪的空闲连接数。</translation>
    </message>
    <message>
        <source>Waiters at most</source>
        <translation>最多等待者</translation>
    </message>
    <message>
        <source>Callers beyond it are turned away at once. 0 means no bound.</source>
        <translation>超出的请求立即被拒绝。0 表示不限。</translation>
    </message>
    <message>
        <source>On return</source>
        <translation>归还时</translation>
    </message>
    <message>
        <source>What is done to a connection when it comes back.</source>
        <translation>连接归还时的处理。</translation>
    </message>
    <message>
        <source>Connect within</source>
        <translation>连接时限</translation>
    </message>
    <message>
        <source>Time to open a connection.</source>
        <translation>打开连接的时限。</translation>
    </message>
    <message>
        <source>Validate after</source>
        <translation>校验间隔</translation>
    </message>
    <message>
        <source>Idle for longer: a query, not only a look at the socket.</source>
        <translation>空闲更久时执行一次查询，而不仅检查套接字。</translation>
    </message>
    <message>
        <source>Validate within</source>
        <translation>校验时限</translation>
    </message>
    <message>
        <source>Time for that query.</source>
        <translation>该查询的时限。</translation>
    </message>
    <message>
        <source>Reset within</source>
        <translation>重置时限</translation>
    </message>
    <message>
        <source>Time to make a returned connection ready again.</source>
        <translation>使归还的连接重新就绪的时限。</translation>
    </message>
    <message>
        <source>Slow wait</source>
        <translation>慢等待</translation>
    </message>
    <message>
        <source>A longer wait for a connection is logged.</source>
        <translation>等待连接超过此时间则记录日志。</translation>
    </message>
    <message>
        <source>Slow query</source>
        <translation>慢查询</translation>
    </message>
    <message>
        <source>A longer statement counts as slow and is logged.</source>
        <translation>语句超过此时间计为慢查询并记录日志。</translation>
    </message>
    <message>
        <source>Long use</source>
        <translation>长时间占用</translation>
    </message>
    <message>
        <source>A connection held for longer is logged.</source>
        <translation>连接占用超过此时间则记录日志。</translation>
    </message>
    <message>
        <source>Leak after</source>
        <translation>泄漏判定</translation>
    </message>
    <message>
        <source>Held without a statement for longer: suspected leak.</source>
        <translation>占用且无语句超过此时间：疑似泄漏。</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
</context>
<context>
    <name>widgets::PoolPanel</name>
    <message>
        <source>up</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>down: cannot connect</source>
        <translation>不可用：无法连接</translation>
    </message>
    <message>
        <source>suspended: callers wait</source>
        <translation>已挂起：请求等待中</translation>
    </message>
    <message>
        <source>blocked: callers are turned away</source>
        <translation>已阻断：拒绝新请求</translation>
    </message>
    <message>
        <source>draining: connections are replaced</source>
        <translation>排空中：正在更换连接</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>no pool yet</source>
        <translation>尚无连接池</translation>
    </message>
    <message>
        <source>Pool: %1</source>
        <translation>连接池：%1</translation>
    </message>
    <message>
        <source>%1 of %2 in use · %3 idle · %4 waiting</source>
        <translation>使用中 %1 / %2 · 空闲 %3 · 等待 %4</translation>
    </message>
    <message>
        <source>, oldest %1</source>
        <translation>，最久 %1</translation>
    </message>
    <message>
        <source>The pool appears here as soon as the server answers.</source>
        <translation>数据库响应后，连接池将显示在这里。</translation>
    </message>
    <message>
        <source>Suspend the pool?</source>
        <translation>挂起连接池？</translation>
    </message>
    <message>
        <source>Every caller that asks for a connection is turned away with an error until you resume. Connections in use stay with their holders.</source>
        <translation>在恢复之前，所有申请连接的请求都会被拒绝并报错。使用中的连接不受影响。</translation>
    </message>
    <message>
        <source>Callers wait, up to the pool&apos;s timeout, until you resume. Connections in use stay with their holders.</source>
        <translation>在恢复之前，请求会一直等待，最长为连接池的超时时间。使用中的连接不受影响。</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>Drain the pool?</source>
        <translation>排空连接池？</translation>
    </message>
    <message>
        <source>Idle connections are closed now, those in use when they come back. New ones are opened as they are needed.</source>
        <translation>空闲连接立即关闭，使用中的连接在归还时关闭。需要时会打开新连接。</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>排空</translation>
    </message>
    <message>
        <source>Let new callers wait…</source>
        <translation>让新请求等待…</translation>
    </message>
    <message>
        <source>Turn new callers away…</source>
        <translation>拒绝新请求…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Drain…</source>
        <translation>排空…</translation>
    </message>
    <message>
        <source>Replaces every connection, without disturbing those who hold one</source>
        <translation>更换所有连接，不影响正在使用者</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Holders</source>
        <translation>占用者</translation>
    </message>
    <message>
        <source>Waiters</source>
        <translation>等待者</translation>
    </message>
    <message>
        <source>Life-lines</source>
        <translation>生命线</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Autopsies</source>
        <translation>超时剖析</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Resize…</source>
        <translation>调整大小…</translation>
    </message>
    <message>
        <source>Opens the settings at the pool&apos;s size: it changes without dropping a connection in use</source>
        <translation>打开设置并定位到池大小：更改不会断开使用中的连接</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>容量</translation>
    </message>
</context>
<context>
    <name>widgets::PoolSettings</name>
    <message>
        <source>The settings appear as soon as there is a pool.</source>
        <translation>连接池建立后显示设置。</translation>
    </message>
    <message>
        <source>No changes</source>
        <translation>没有更改</translation>
    </message>
    <message>
        <source>Undo last</source>
        <translation>撤销上次</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>widgets::PoolStrip</name>
    <message>
        <source>%1 of %2 in use, %3 waiting</source>
        <translation>使用中 %1 / %2，等待 %3</translation>
    </message>
    <message>
        <source>The pool is being set up …</source>
        <translation>正在建立连接池…</translation>
    </message>
    <message>
        <source>base %1</source>
        <translation>基础 %1</translation>
    </message>
    <message>
        <source>overflow %1</source>
        <translation>溢出 %1</translation>
    </message>
    <message>
        <source>overflow</source>
        <translation>溢出</translation>
    </message>
    <message>
        <source>nobody waits</source>
        <translation>无人等待</translation>
    </message>
    <message>
        <source>queue %1</source>
        <translation>队列 %1</translation>
    </message>
    <message>
        <source>Place %1: %2</source>
        <translation>位置 %1：%2</translation>
    </message>
    <message>
        <source>taken for %1 by %2</source>
        <translation>被 %2 占用 %1</translation>
    </message>
    <message>
        <source>No. %1 in the queue: %2, waiting for %3, gives up in %4</source>
        <translation>队列第 %1 位：%2，已等待 %3，%4 后放弃</translation>
    </message>
    <message>
        <source>backend %1, open for %2, uses: %3</source>
        <translation>后端 %1，已打开 %2，使用次数 %3</translation>
    </message>
</context>
<context>
    <name>widgets::RangeDialog</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show from … to</source>
        <translation>显示时间范围</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>The end must come after the beginning</source>
        <translation>结束时间必须晚于开始时间</translation>
    </message>
    <message>
        <source>That is still to come</source>
        <translation>该时间尚未到来</translation>
    </message>
    <message>
        <source>Times in %1</source>
        <translation>时区 %1</translation>
    </message>
</context>
<context>
    <name>widgets::RecordBar</name>
    <message>
        <source>The recording is being written</source>
        <translation>正在写入录制</translation>
    </message>
    <message>
        <source>The recording is as large as it may be: save it</source>
        <translation>录制已达到大小上限：请保存</translation>
    </message>
    <message>
        <source>Recording for %1</source>
        <translation>已录制 %1</translation>
    </message>
    <message>
        <source>Stop and save…</source>
        <translation>停止并保存…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
</context>
<context>
    <name>widgets::RemotePage</name>
    <message>
        <source>%1: no answer since %2 (%3)</source>
        <translation>%1：自 %2 起无响应（%3）</translation>
    </message>
    <message>
        <source>; what is shown is of %1</source>
        <translation>；显示的是 %1 时的内容</translation>
    </message>
    <message>
        <source>%1 tells no rules (%2)</source>
        <translation>%1 不提供规则（%2）</translation>
    </message>
    <message>
        <source>%1 tells no targets (%2)</source>
        <translation>%1 不提供目标（%2）</translation>
    </message>
    <message>
        <source>Alerts ?</source>
        <translation>告警 ?</translation>
    </message>
    <message>
        <source>Alerts %1</source>
        <translation>告警 %1</translation>
    </message>
    <message>
        <source>Rules ?</source>
        <translation>规则 ?</translation>
    </message>
    <message>
        <source>Rules %1</source>
        <translation>规则 %1</translation>
    </message>
    <message>
        <source>As told by %1.</source>
        <translation>来自 %1。</translation>
    </message>
    <message>
        <source>Asked: %1 …</source>
        <translation>正在询问：%1…</translation>
    </message>
    <message>
        <source>No Prometheus is watched. Name one in the configuration file, under &quot;prometheus&quot;: poolscope --print-config shows how.</source>
        <translation>未监控 Prometheus。请在配置文件的 &quot;prometheus&quot; 下写明：poolscope --print-config 给出示例。</translation>
    </message>
    <message>
        <source>What is known there cannot be told: there is no answer yet.</source>
        <translation>尚无响应，无法得知那里的情况。</translation>
    </message>
    <message>
        <source>Nothing fires there.</source>
        <translation>那里没有告警触发。</translation>
    </message>
    <message>
        <source>There are no rules there.</source>
        <translation>那里没有规则。</translation>
    </message>
    <message>
        <source>Look now</source>
        <translation>立即查看</translation>
    </message>
    <message>
        <source>Asks the servers now, not with the next round</source>
        <translation>立即询问各服务器，不等下一轮</translation>
    </message>
    <message>
        <source>Find …</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Alerts at Prometheus</source>
        <translation>Prometheus 的告警</translation>
    </message>
    <message>
        <source>Rules at Prometheus</source>
        <translation>Prometheus 的规则</translation>
    </message>
</context>
<context>
    <name>widgets::RemoteTargets</name>
    <message>
        <source>As %1 sees them. The menu of a row watches it from here, too.</source>
        <translation>%1 所见的目标。可在行的菜单中选择也在此处监控。</translation>
    </message>
    <message>
        <source>There are no targets there.</source>
        <translation>那里没有目标。</translation>
    </message>
    <message>
        <source>What is known there cannot be told: there is no answer yet.</source>
        <translation>尚无响应，无法得知那里的情况。</translation>
    </message>
    <message>
        <source>Watch it here, too …</source>
        <translation>也在此处监控…</translation>
    </message>
    <message>
        <source>Targets at Prometheus</source>
        <translation>Prometheus 的目标</translation>
    </message>
</context>
<context>
    <name>widgets::ResponsesPanel</name>
    <message>
        <source>pool upkeep</source>
        <translation>连接池维护</translation>
    </message>
    <message>
        <source>timed steps of scenarios</source>
        <translation>场景的定时步骤</translation>
    </message>
    <message>
        <source>Level %1 of %2</source>
        <translation>级别 %1 / %2</translation>
    </message>
    <message>
        <source>held by hand</source>
        <translation>手动保持</translation>
    </message>
    <message>
        <source>alerts do not degrade: switch it on under respond: in the configuration</source>
        <translation>告警不会触发降级：请在配置的 respond: 下启用</translation>
    </message>
    <message>
        <source>because of %1</source>
        <translation>原因：%1</translation>
    </message>
    <message>
        <source>no alert asks for it</source>
        <translation>没有告警要求降级</translation>
    </message>
    <message>
        <source>next change in %1</source>
        <translation>%1后变化</translation>
    </message>
    <message>
        <source>jobs that can wait: %1</source>
        <translation>可暂停的任务：%1</translation>
    </message>
    <message>
        <source>No target is configured: name one under respond: in the configuration</source>
        <translation>未配置目标：请在配置的 respond: 下指定</translation>
    </message>
    <message>
        <source>replicas: %1 (%2 … %3)</source>
        <translation>副本数：%1（%2 … %3）</translation>
    </message>
    <message>
        <source>watched until the load falls, at most %1 more</source>
        <translation>观察直至负载下降，最多还有 %1</translation>
    </message>
    <message>
        <source>cooling down for %1</source>
        <translation>冷却中，还有 %1</translation>
    </message>
    <message>
        <source>at work</source>
        <translation>执行中</translation>
    </message>
    <message>
        <source>Degrade the service to level %1?</source>
        <translation>将服务降级到级别 %1？</translation>
    </message>
    <message>
        <source>Every step up to this level is carried out at once and stays until you go back to automatic: background requests are refused from level 1, timed jobs pause from level 2, marked answers may be old from level 3.</source>
        <translation>该级别及以下的每个步骤将立即执行，并保持到切换回自动：级别 1 起拒绝后台请求，级别 2 起暂停定时任务，级别 3 起标记的查询可能返回缓存数据。</translation>
    </message>
    <message>
        <source>Degrade to level %1</source>
        <translation>降级到级别 %1</translation>
    </message>
    <message>
        <source>Carry the steps out from now on?</source>
        <translation>从现在起实际执行各步骤？</translation>
    </message>
    <message>
        <source>Until now degradation was only rehearsed. From now on requests are really refused, jobs really paused and answers really taken from the cache when alerts ask for it.</source>
        <translation>到目前为止降级仅为演练。从现在起，告警要求时将实际拒绝请求、暂停任务并返回缓存数据。</translation>
    </message>
    <message>
        <source>Carry them out</source>
        <translation>实际执行</translation>
    </message>
    <message>
        <source>Add replicas from now on?</source>
        <translation>从现在起实际增加副本？</translation>
    </message>
    <message>
        <source>Until now scaling out was only rehearsed. From now on %1 is really changed when alerts ask for it.</source>
        <translation>到目前为止扩容仅为演练。从现在起，告警要求时将实际更改 %1。</translation>
    </message>
    <message>
        <source>Really scale out</source>
        <translation>实际扩容</translation>
    </message>
    <message>
        <source>Scale out now?</source>
        <translation>立即扩容？</translation>
    </message>
    <message>
        <source>Replicas are added to %1, whatever fires.</source>
        <translation>无论告警如何，都将为 %1 增加副本。</translation>
    </message>
    <message>
        <source>Scale out</source>
        <translation>扩容</translation>
    </message>
    <message>
        <source>Take the scale-out back?</source>
        <translation>撤销扩容？</translation>
    </message>
    <message>
        <source>The replicas added last are taken away from %1 again.</source>
        <translation>将从 %1 移除上次增加的副本。</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Graceful degradation</source>
        <translation>服务降级</translation>
    </message>
    <message>
        <source>Scale-out</source>
        <translation>自动扩容</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>执行记录</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>The level follows the alerts</source>
        <translation>级别由告警控制</translation>
    </message>
    <message>
        <source>Hold level %1, whatever fires</source>
        <translation>保持级别 %1，不受告警影响</translation>
    </message>
    <message>
        <source>Dry run</source>
        <translation>演练模式</translation>
    </message>
    <message>
        <source>Say what would be done, do nothing</source>
        <translation>仅显示将要执行的操作</translation>
    </message>
    <message>
        <source>Scale out now</source>
        <translation>立即扩容</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>No sample yet</source>
        <translation>尚无采样</translation>
    </message>
    <message>
        <source>Steps of degradation</source>
        <translation>降级步骤</translation>
    </message>
    <message>
        <source>Steps of the scale-out</source>
        <translation>扩容步骤</translation>
    </message>
    <message>
        <source>Nothing was done yet. Responses are off until switched on under respond: in the configuration, and rehearsed first.</source>
        <translation>尚未执行任何操作。自动响应默认关闭，需在配置的 respond: 下启用，并先进行演练。</translation>
    </message>
</context>
<context>
    <name>widgets::RuleDialog</name>
    <message>
        <source>New rule</source>
        <translation>新建规则</translation>
    </message>
    <message>
        <source>Rule %1</source>
        <translation>规则 %1</translation>
    </message>
    <message>
        <source>HighPoolUsage</source>
        <translation>HighPoolUsage</translation>
    </message>
    <message>
        <source>A rule of another file keeps its name; a duplicate can have one of its own.</source>
        <translation>其他文件中的规则不能改名；复制后可以另取名称。</translation>
    </message>
    <message>
        <source>5m; empty: fires at once</source>
        <translation>5m；留空：立即触发</translation>
    </message>
    <message>
        <source>2m; empty: ends at once</source>
        <translation>2m；留空：立即结束</translation>
    </message>
    <message>
        <source>&lt; 0.7; empty: the threshold itself</source>
        <translation>&lt; 0.7；留空：即阈值本身</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Annotations</source>
        <translation>注释</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Must hold for</source>
        <translation>须持续</translation>
    </message>
    <message>
        <source>Keeps firing for</source>
        <translation>继续触发</translation>
    </message>
    <message>
        <source>Clears when</source>
        <translation>恢复条件</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>The past it is tried on</source>
        <translation>用于试算的历史</translation>
    </message>
    <message>
        <source>The last %1</source>
        <translation>最近 %1</translation>
    </message>
    <message>
        <source>Tried on</source>
        <translation>试算范围</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Close without saving?</source>
        <translation>不保存就关闭？</translation>
    </message>
    <message>
        <source>What was typed for this rule is lost.</source>
        <translation>为此规则输入的内容将丢失。</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>不保存就关闭</translation>
    </message>
</context>
<context>
    <name>widgets::RulePreview</name>
    <message>
        <source>What the rule watches</source>
        <translation>规则监视的值</translation>
    </message>
    <message>
        <source>What the expression gives is drawn here.</source>
        <translation>表达式的结果显示在这里。</translation>
    </message>
    <message>
        <source>Trying it on the past …</source>
        <translation>正在用历史数据试算…</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>clear level</source>
        <translation>恢复阈值</translation>
    </message>
    <message>
        <source>This cannot be a rule yet</source>
        <translation>还不是有效的规则</translation>
    </message>
    <message>
        <source>Would not have fired in the last %1</source>
        <translation>最近 %1 内不会触发</translation>
    </message>
    <message>
        <source>Would have fired once in the last %1, for %2</source>
        <translation>最近 %1 内会触发 1 次，持续 %2</translation>
    </message>
    <message>
        <source>Would have fired %1 times in the last %2, for %3 altogether</source>
        <translation>最近 %2 内会触发 %1 次，共持续 %3</translation>
    </message>
    <message>
        <source>%1, and still firing</source>
        <translation>%1，仍在触发</translation>
    </message>
    <message>
        <source>%1, for %2</source>
        <translation>%1，持续 %2</translation>
    </message>
    <message>
        <source>Began to wait once and did not last</source>
        <translation>有 1 次开始等待但未持续</translation>
    </message>
    <message>
        <source>Began to wait %1 times and did not last</source>
        <translation>有 %1 次开始等待但未持续</translation>
    </message>
    <message>
        <source>Further series, tried and not drawn: %1</source>
        <translation>另有 %1 个序列已试算但未绘出</translation>
    </message>
    <message>
        <source>With the value of now it would say:</source>
        <translation>以当前值将显示：</translation>
    </message>
</context>
<context>
    <name>widgets::RulesPage</name>
    <message>
        <source>Enable</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>A rule is being written already: save it or close it first</source>
        <translation>已有规则正在编辑：请先保存或关闭</translation>
    </message>
    <message>
        <source>New rule …</source>
        <translation>新建规则…</translation>
    </message>
    <message>
        <source>Writes a rule of your own (N)</source>
        <translation>编写自己的规则（N）</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Changes the chosen rule (F2); shipped files stay as they are</source>
        <translation>更改所选规则（F2）；自带文件保持不变</translation>
    </message>
    <message>
        <source>Duplicate …</source>
        <translation>复制…</translation>
    </message>
    <message>
        <source>Begins a rule of your own with the chosen one (Ctrl+D)</source>
        <translation>以所选规则为基础新建规则（Ctrl+D）</translation>
    </message>
    <message>
        <source>Whether the chosen rule is evaluated</source>
        <translation>是否对所选规则求值</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Takes your changes of the chosen rule back: it is as shipped again</source>
        <translation>撤回您对所选规则的更改，恢复为自带规则</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Deletes the chosen rule of your own (Del); can be undone</source>
        <translation>删除所选的自建规则（Del）；可以撤销</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Takes back what was last done to a rule</source>
        <translation>撤回最近一次对规则的更改</translation>
    </message>
    <message>
        <source>No rules are loaded. Write one, give a rule file with --rules, or reload the default ones.</source>
        <translation>没有加载规则。可新建一条、用 --rules 指定规则文件，或重新加载默认规则。</translation>
    </message>
    <message>
        <source>Alert rules</source>
        <translation>告警规则</translation>
    </message>
    <message>
        <source>fires here and not there since %1  %2</source>
        <translation>自 %1 起此处触发而那里没有  %2</translation>
    </message>
    <message>
        <source>fires there and not here since %1  %2</source>
        <translation>自 %1 起那里触发而此处没有  %2</translation>
    </message>
    <message>
        <source>Not watched by %1: %2</source>
        <translation>%1 未监控：%2</translation>
    </message>
    <message>
        <source>Owner: local, told here</source>
        <translation>归属：本地，由此处通知</translation>
    </message>
    <message>
        <source>Owner: Prometheus, told there</source>
        <translation>归属：Prometheus，由其通知</translation>
    </message>
    <message>
        <source>Owner: shadow, compared and never told</source>
        <translation>归属：影子，只对比不通知</translation>
    </message>
</context>
<context>
    <name>widgets::ScenarioCard</name>
    <message>
        <source>%1 of %2 · %3 requests, %4 failed</source>
        <translation>%1 / %2 · 请求 %3，失败 %4</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>%1 的进度</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Start %1</source>
        <translation>启动 %1</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop %1</source>
        <translation>停止 %1</translation>
    </message>
    <message>
        <source>Expects no alerts</source>
        <translation>预期无告警</translation>
    </message>
    <message>
        <source>Expects: %1</source>
        <translation>预期：%1</translation>
    </message>
    <message>
        <source>Seen besides: %1</source>
        <translation>另外出现：%1</translation>
    </message>
</context>
<context>
    <name>widgets::ScenariosPanel</name>
    <message>
        <source>Run &quot;%1&quot; on %2?</source>
        <translation>在 %2 上运行“%1”？</translation>
    </message>
    <message>
        <source>This server is not Poolscope&apos;s own. The scenario puts load on it and works in a schema of its own, which it removes at the end. Others who use the server may notice it.</source>
        <translation>该服务器不是 Poolscope 自带的。场景会对其施加负载，在自己的模式中工作，并在结束时删除该模式。使用该服务器的其他人可能会受到影响。</translation>
    </message>
    <message>
        <source>Run it on %1</source>
        <translation>在 %1 上运行</translation>
    </message>
    <message>
        <source>Each scenario makes one kind of trouble, says which alerts it should raise, and puts everything back when it stops.</source>
        <translation>每个场景制造一种故障，说明应触发哪些告警，并在停止时恢复原状。</translation>
    </message>
    <message>
        <source>The scenarios appear here as soon as the program has read them.</source>
        <translation>程序读取场景后将显示在这里。</translation>
    </message>
    <message>
        <source>Stop all (Esc)</source>
        <translation>全部停止 (Esc)</translation>
    </message>
    <message>
        <source>Stop all scenarios</source>
        <translation>停止所有场景</translation>
    </message>
</context>
<context>
    <name>widgets::ServerPast</name>
    <message>
        <source>%1 instances answer; which is this console&apos;s is said by match: in the configuration</source>
        <translation>有 %1 个实例应答；请在配置的 match: 中指明哪个是本控制台</translation>
    </message>
</context>
<context>
    <name>widgets::SeverityStrip</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>%1 from %2 for %3</source>
        <translation>%1，自 %2 起，持续 %3</translation>
    </message>
    <message>
        <source>no samples then</source>
        <translation>当时没有采样</translation>
    </message>
</context>
<context>
    <name>widgets::ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>In this panel</source>
        <translation>当前面板</translation>
    </message>
</context>
<context>
    <name>widgets::SilenceDialog</name>
    <message>
        <source>15 minutes</source>
        <translation>15 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>4 hours</source>
        <translation>4 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>3 days</source>
        <translation>3 天</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1 周</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>静默</translation>
    </message>
    <message>
        <source>Why may this be quiet?</source>
        <translation>为什么可以静默？</translation>
    </message>
    <message>
        <source>Hides</source>
        <translation>屏蔽</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Hides nothing now; alerts to come will be hidden.</source>
        <translation>目前没有匹配的告警；以后匹配的会被屏蔽。</translation>
    </message>
    <message>
        <source>Alerts hidden now: %1 (%2)</source>
        <translation>当前屏蔽的告警：%1（%2）</translation>
    </message>
</context>
<context>
    <name>widgets::SilencesPage</name>
    <message>
        <source>Import silences</source>
        <translation>导入静默</translation>
    </message>
    <message>
        <source>Alertmanager&apos;s silences (*.json)</source>
        <translation>Alertmanager 静默 (*.json)</translation>
    </message>
    <message>
        <source>Export silences</source>
        <translation>导出静默</translation>
    </message>
    <message>
        <source>New silence …</source>
        <translation>新建静默…</translation>
    </message>
    <message>
        <source>End it now</source>
        <translation>立即结束</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>No silences. Shift+S on an alert makes one.</source>
        <translation>没有静默。在告警上按 Shift+S 可新建。</translation>
    </message>
    <message>
        <source>Silences</source>
        <translation>静默</translation>
    </message>
</context>
<context>
    <name>widgets::SizeChart</name>
    <message>
        <source>places of the pool</source>
        <translation>连接池的连接数</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>当前 %1</translation>
    </message>
    <message>
        <source>enough %1</source>
        <translation>足够 %1</translation>
    </message>
    <message>
        <source>server&apos;s room %1</source>
        <translation>服务器容量 %1</translation>
    </message>
    <message>
        <source>share of timeouts</source>
        <translation>超时占比</translation>
    </message>
    <message>
        <source>recorded p95</source>
        <translation>实测 p95</translation>
    </message>
    <message>
        <source>places: %1</source>
        <translation>连接数：%1</translation>
    </message>
    <message>
        <source>wait p50 %1, p95 %2, p99 %3, longest %4</source>
        <translation>等待 p50 %1，p95 %2，p99 %3，最长 %4</translation>
    </message>
    <message>
        <source>%1 timeouts, %2 connections opened, at most %3 at once</source>
        <translation>超时 %1 次，新建连接 %2 个，最多同时 %3 个</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
</context>
<context>
    <name>widgets::SizeView</name>
    <message>
        <source>Looking at the recorded requests …</source>
        <translation>正在分析已记录的请求…</translation>
    </message>
    <message>
        <source>%1 requests of %2, replayed first come, first served; callers are assumed to ask as they did.</source>
        <translation>按先到先得重放 %2 内的 %1 个请求；假定调用方的请求方式不变。</translation>
    </message>
    <message>
        <source> How long %1 of them would hold a connection is estimated.</source>
        <translation> 其中 %1 个请求占用连接的时长为估计值。</translation>
    </message>
    <message>
        <source> %1 were left out: no size would have served them.</source>
        <translation> 未计入 %1 个请求：任何连接数都无法满足它们。</translation>
    </message>
    <message>
        <source> More happened than is written down: a sample.</source>
        <translation> 实际请求多于所记录的，结果基于抽样。</translation>
    </message>
    <message>
        <source>last %1 min</source>
        <translation>最近 %1 分钟</translation>
    </message>
    <message>
        <source>Requests of</source>
        <translation>请求的时间范围</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>Waits against the number of places</source>
        <translation>等待时间随连接数的变化</translation>
    </message>
</context>
<context>
    <name>widgets::SlotsTab</name>
    <message>
        <source>its holder</source>
        <translation>占用者</translation>
    </message>
    <message>
        <source>Cancel the statement of backend %1?</source>
        <translation>取消后端 %1 的语句？</translation>
    </message>
    <message>
        <source>%1 gets an error; the connection stays usable.

%2</source>
        <translation>%1 会收到错误；连接仍可使用。

%2</translation>
    </message>
    <message>
        <source>Cancel statement of %1</source>
        <translation>取消 %1 的语句</translation>
    </message>
    <message>
        <source>Slot %1 is replaced as soon as nobody uses it</source>
        <translation>位置 %1 空闲后即更换连接</translation>
    </message>
    <message>
        <source>Terminate backend %1?</source>
        <translation>终止后端 %1？</translation>
    </message>
    <message>
        <source>The server ends the session in slot %1; a running statement fails and its transaction is rolled back. The place is filled again when it is needed.</source>
        <translation>服务器将结束位置 %1 的会话；正在执行的语句会失败，其事务会回滚。需要时该位置会重新建立连接。</translation>
    </message>
    <message>
        <source>Terminate %1</source>
        <translation>终止 %1</translation>
    </message>
    <message>
        <source>No places yet: the pool appears here as soon as the server answers.</source>
        <translation>尚无位置：数据库响应后，连接池将显示在这里。</translation>
    </message>
    <message>
        <source>Nobody holds a connection.</source>
        <translation>没有连接被占用。</translation>
    </message>
    <message>
        <source>Places of the pool</source>
        <translation>连接池的位置</translation>
    </message>
    <message>
        <source>Holders of connections</source>
        <translation>连接占用者</translation>
    </message>
    <message>
        <source>Cancel statement…</source>
        <translation>取消语句…</translation>
    </message>
    <message>
        <source>Recycle</source>
        <translation>回收</translation>
    </message>
    <message>
        <source>Replaces this connection as soon as nobody uses it</source>
        <translation>此连接空闲后即更换</translation>
    </message>
    <message>
        <source>Terminate…</source>
        <translation>终止…</translation>
    </message>
</context>
<context>
    <name>widgets::SoundBar</name>
    <message>
        <source>Sound in this window</source>
        <translation>此窗口的提示音</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>once, when an alert fires</source>
        <translation>告警触发时响一次</translation>
    </message>
    <message>
        <source>again every 30 s until acknowledged</source>
        <translation>每 30 秒重复，直到确认</translation>
    </message>
    <message>
        <source>for every severity</source>
        <translation>所有级别</translation>
    </message>
    <message>
        <source>from warning on</source>
        <translation>警告及以上</translation>
    </message>
    <message>
        <source>for critical only</source>
        <translation>仅严重级别</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>试听</translation>
    </message>
    <message>
        <source>The sound of the severity chosen; each has one of its own</source>
        <translation>所选级别的提示音；每个级别各不相同</translation>
    </message>
    <message>
        <source>Severities that sound</source>
        <translation>发出提示音的级别</translation>
    </message>
</context>
<context>
    <name>widgets::StatusBar</name>
    <message>
        <source>Copied %1</source>
        <translation>已复制 %1</translation>
    </message>
    <message>
        <source>● %1 samples/s · %2 missed</source>
        <translation>● 每秒采样 %1 次 · 错过 %2 次</translation>
    </message>
    <message>
        <source>watching costs CPU %1, db %2</source>
        <translation>监控开销 CPU %1，数据库 %2</translation>
    </message>
    <message>
        <source>memory %1</source>
        <translation>内存 %1</translation>
    </message>
    <message>
        <source>HTTP off</source>
        <translation>HTTP 已关闭</translation>
    </message>
    <message>
        <source>▶ %1 %2 % · expected alerts %3, seen %4</source>
        <translation>▶ %1 %2 % · 预期告警 %3，已出现 %4</translation>
    </message>
    <message>
        <source>Click to copy the address of the metrics</source>
        <translation>点击复制指标地址</translation>
    </message>
    <message>
        <source>Address of the metrics</source>
        <translation>指标地址</translation>
    </message>
    <message>
        <source>Running scenario</source>
        <translation>运行中的场景</translation>
    </message>
    <message>
        <source>waiting for the first sample</source>
        <translation>等待首次采样</translation>
    </message>
    <message>
        <source>history %1</source>
        <translation>历史 %1</translation>
    </message>
</context>
<context>
    <name>widgets::TableView</name>
    <message>
        <source>Lines copied: %1</source>
        <translation>已复制行数：%1</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
</context>
<context>
    <name>widgets::TargetCharts</name>
    <message>
        <source>Usage</source>
        <translation>使用率</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Open connections</source>
        <translation>已打开连接</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Mean wait for a connection</source>
        <translation>平均等待连接时间</translation>
    </message>
    <message>
        <source>Mean time in use</source>
        <translation>平均使用时间</translation>
    </message>
    <message>
        <source>Mean time to connect</source>
        <translation>平均建连时间</translation>
    </message>
    <message>
        <source>Uses</source>
        <translation>使用次数</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>新建连接</translation>
    </message>
    <message>
        <source>Timeouts</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Unknown: not told by %1</source>
        <translation>未知：%1 未提供</translation>
    </message>
    <message>
        <source>Show the own pool</source>
        <translation>显示自己的连接池</translation>
    </message>
    <message>
        <source>Watched pools</source>
        <translation>被监控的连接池</translation>
    </message>
    <message>
        <source>Nothing is known of %1 yet.</source>
        <translation>尚无 %1 的数据。</translation>
    </message>
    <message>
        <source>Process: processor</source>
        <translation>进程：处理器</translation>
    </message>
    <message>
        <source>Process: memory</source>
        <translation>进程：内存</translation>
    </message>
    <message>
        <source>Process: open files</source>
        <translation>进程：打开的文件</translation>
    </message>
    <message>
        <source>Machine: processor</source>
        <translation>主机：处理器</translation>
    </message>
    <message>
        <source>Machine: memory</source>
        <translation>主机：内存</translation>
    </message>
    <message>
        <source>Machine: load, 1 min</source>
        <translation>主机：负载（1 分钟）</translation>
    </message>
    <message>
        <source>Of a target's process and machine only what its own page tells is known.</source>
        <translation>对于目标的进程和主机，仅能得知其自身页面所提供的信息。</translation>
    </message>
</context>
<context>
    <name>widgets::TargetChooser</name>
    <message>
        <source>What is shown</source>
        <translation>显示的内容</translation>
    </message>
    <message>
        <source>Find …</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Watched targets</source>
        <translation>被监控的目标</translation>
    </message>
    <message>
        <source>Show the own pool</source>
        <translation>显示自己的连接池</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No target is watched yet: add one in the panel Targets.</source>
        <translation>尚未监控任何目标：请在“目标”面板中添加。</translation>
    </message>
    <message>
        <source>Nothing is ticked: the own pool is shown.</source>
        <translation>未勾选任何目标：显示自己的连接池。</translation>
    </message>
    <message>
        <source>%1 are compared, more cannot be told apart.</source>
        <translation>正在比较 %1 个，更多则无法区分。</translation>
    </message>
    <message>
        <source>Overview, Pool and Latency show what is ticked.</source>
        <translation>概览、连接池和延迟面板显示勾选的目标。</translation>
    </message>
</context>
<context>
    <name>widgets::TargetDialog</name>
    <message>
        <source>The server wants to know who asks (%1): choose a login below.</source>
        <translation>服务器要求登录（%1）：请在下方选择登录方式。</translation>
    </message>
    <message>
        <source>The login was refused: %1</source>
        <translation>登录被拒绝：%1</translation>
    </message>
    <message>
        <source>Its certificate is not trusted: %1</source>
        <translation>其证书不受信任：%1</translation>
    </message>
    <message>
        <source>Its certificate expired on %1.</source>
        <translation>其证书已于 %1 过期。</translation>
    </message>
    <message>
        <source>There is no host of this name.</source>
        <translation>没有这个主机名。</translation>
    </message>
    <message>
        <source>Nobody listens there.</source>
        <translation>该地址无人监听。</translation>
    </message>
    <message>
        <source>No answer in time.</source>
        <translation>未在限定时间内响应。</translation>
    </message>
    <message>
        <source>There is no such page (404): add the path of its metrics.</source>
        <translation>没有这个页面（404）：请补上指标的路径。</translation>
    </message>
    <message>
        <source>The server answers with %1.</source>
        <translation>服务器返回 %1。</translation>
    </message>
    <message>
        <source>Something answers there, but not with metrics.</source>
        <translation>该地址有响应，但不是指标。</translation>
    </message>
    <message>
        <source>Its answer is too large: %1</source>
        <translation>其响应过大：%1</translation>
    </message>
    <message>
        <source>Nothing known here; its %1 series can be asked for with PromQL all the same.</source>
        <translation>没有已知的连接池；其 %1 个序列仍可用 PromQL 查询。</translation>
    </message>
    <message>
        <source>%1: %2 pools, %3 series</source>
        <translation>%1：%2 个连接池，%3 个序列</translation>
    </message>
    <message>
        <source>New target</source>
        <translation>新目标</translation>
    </message>
    <message>
        <source>Target %1</source>
        <translation>目标 %1</translation>
    </message>
    <message>
        <source>This target stands in the configuration file and is changed there.</source>
        <translation>此目标写在配置文件中，请在那里更改。</translation>
    </message>
    <message>
        <source>This target was found by discovery; it is changed where it was found.</source>
        <translation>此目标由服务发现得到，请在其来源处更改。</translation>
    </message>
    <message>
        <source>host:port, http(s)://…/metrics, postgresql://user@host:6432/pgbouncer</source>
        <translation>主机:端口、http(s)://…/metrics、postgresql://用户@主机:6432/pgbouncer</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>What it tells</source>
        <translation>它提供的内容</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>连接池</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Asking …</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Given up.</source>
        <translation>已放弃。</translation>
    </message>
    <message>
        <source>%1 does not tell this</source>
        <translation>%1 不提供此项</translation>
    </message>
    <message>
        <source>Throw away what you typed?</source>
        <translation>丢弃已输入的内容？</translation>
    </message>
    <message>
        <source>The target is not saved.</source>
        <translation>目标尚未保存。</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>Timeouts</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>The login is kept for %1. Type it again to use it for this address.</source>
        <translation>该登录信息仅用于 %1。要用于此地址，请重新输入。</translation>
    </message>
</context>
<context>
    <name>widgets::TargetForm</name>
    <message>
        <source>host and port</source>
        <translation>主机和端口</translation>
    </message>
    <message>
        <source>Colour of the environment</source>
        <translation>环境的颜色</translation>
    </message>
    <message>
        <source>with commas</source>
        <translation>用逗号分隔</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Timeout</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Asked every</source>
        <translation>询问间隔</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>user and password</source>
        <translation>用户名和密码</translation>
    </message>
    <message>
        <source>bearer token</source>
        <translation>Bearer 令牌</translation>
    </message>
    <message>
        <source>the system&apos;s</source>
        <translation>系统自带</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>kept in the key ring; type to replace it</source>
        <translation>保存在密钥环中；输入以替换</translation>
    </message>
    <message>
        <source>kept in secrets.yml; type to replace it</source>
        <translation>保存在 secrets.yml 中；输入以替换</translation>
    </message>
    <message>
        <source>from %1; type to replace it</source>
        <translation>来自 %1；输入以替换</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>It goes into your key ring.</source>
        <translation>将保存到您的密钥环。</translation>
    </message>
    <message>
        <source>There is no key ring here: it goes into secrets.yml, which only you can read.</source>
        <translation>此处没有密钥环：将保存到只有您能读取的 secrets.yml。</translation>
    </message>
    <message>
        <source>It goes into your key ring, or into secrets.yml, which only you can read.</source>
        <translation>将保存到您的密钥环，或只有您能读取的 secrets.yml。</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>证书 (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>kept for %1 only; type it again</source>
        <translation>仅用于 %1，请重新输入</translation>
    </message>
</context>
<context>
    <name>widgets::TargetPick</name>
    <message>
        <source>All targets</source>
        <translation>全部目标</translation>
    </message>
    <message>
        <source>Own pool</source>
        <translation>自身连接池</translation>
    </message>
    <message>
        <source>Each metric is asked for with this target&apos;s label, unless the expression names one itself</source>
        <translation>每个指标都按该目标的标签查询，除非表达式自己指明</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>%1 chosen targets</source>
        <translation>所选的 %1 个目标</translation>
    </message>
</context>
<context>
    <name>widgets::TargetsPanel</name>
    <message>
        <source>Watched pools</source>
        <translation>被监控的连接池</translation>
    </message>
    <message>
        <source>All environments and tags</source>
        <translation>所有环境和标签</translation>
    </message>
    <message>
        <source>Environment or tag</source>
        <translation>环境或标签</translation>
    </message>
    <message>
        <source>Find …</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>pools: %1 · in trouble: %2</source>
        <translation>连接池：%1 · 有问题：%2</translation>
    </message>
    <message>
        <source>Add a target …</source>
        <translation>添加目标…</translation>
    </message>
    <message>
        <source>Paste the address of a service&apos;s metrics (Ctrl+N)</source>
        <translation>粘贴某个服务的指标地址 (Ctrl+N)</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>不分组</translation>
    </message>
    <message>
        <source>By environment</source>
        <translation>按环境</translation>
    </message>
    <message>
        <source>By tag</source>
        <translation>按标签</translation>
    </message>
    <message>
        <source>By kind</source>
        <translation>按类型</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>No other pool is watched yet.
Add one: paste the address of a service&apos;s metrics, of a PgBouncer or of another Poolscope (Ctrl+N).
Prometheus&apos; discovery files are read from the folder targets.d in the data folder.</source>
        <translation>尚未监控其他连接池。
添加一个：粘贴服务指标、PgBouncer 或另一个 Poolscope 的地址 (Ctrl+N)。
Prometheus 的服务发现文件从数据目录的 targets.d 文件夹读取。</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Duplicate …</source>
        <translation>复制…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Show in the charts</source>
        <translation>在图表中显示</translation>
    </message>
    <message>
        <source>Watched here</source>
        <translation>此处监控</translation>
    </message>
    <message>
        <source>At Prometheus %1</source>
        <translation>Prometheus %1</translation>
    </message>
    <message>
        <source>targets: %1 · down: %2</source>
        <translation>目标：%1 · 不可用：%2</translation>
    </message>
</context>
<context>
    <name>widgets::Theme</name>
    <message>
        <source>healthy</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待触发</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数据</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
</context>
<context>
    <name>widgets::TopBar</name>
    <message>
        <source>State: %1</source>
        <translation>状态：%1</translation>
    </message>
    <message>
        <source>nothing for %1</source>
        <translation>已 %1 无数据</translation>
    </message>
    <message>
        <source>no server yet</source>
        <translation>尚无服务器</translation>
    </message>
    <message>
        <source>Server: %1</source>
        <translation>服务器：%1</translation>
    </message>
    <message>
        <source>At most %1 connections</source>
        <translation>最多 %1 个连接</translation>
    </message>
    <message>
        <source>Copy the server&apos;s name</source>
        <translation>复制服务器名称</translation>
    </message>
    <message>
        <source>PAUSED</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Shows the past; collecting goes on. Space or End goes on live.</source>
        <translation>显示过去的数据；采集仍在继续。按空格键或 End 键回到实时。</translation>
    </message>
    <message>
        <source>Space pauses what is shown; collecting goes on.</source>
        <translation>按空格键暂停显示；采集仍在继续。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Writes everything shown now to a CSV file</source>
        <translation>将当前显示的全部内容写入 CSV 文件</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>深色或浅色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Show the last %1</source>
        <translation>显示最近 %1</translation>
    </message>
    <message>
        <source>Time zone: %1</source>
        <translation>时区：%1</translation>
    </message>
    <message>
        <source>Times are shown in %1; click for the other zone</source>
        <translation>时间按 %1 显示；点击切换时区</translation>
    </message>
    <message>
        <source>HISTORY</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Shows %1 to %2; collecting goes on. Space or End goes live.</source>
        <translation>显示 %1 至 %2；采集继续进行。按空格或 End 回到实时。</translation>
    </message>
    <message>
        <source>More ranges; shown: %1</source>
        <translation>更多时间范围；当前：%1</translation>
    </message>
    <message>
        <source>Other ranges, from … to, back and forward</source>
        <translation>其他时间范围、起止时间、前进与后退</translation>
    </message>
    <message>
        <source>Shown: %1</source>
        <translation>显示：%1</translation>
    </message>
    <message>
        <source>This console: memory and its own disk</source>
        <translation>本控制台：内存与本机磁盘</translation>
    </message>
    <message>
        <source>%1: what memory does not hold</source>
        <translation>%1：内存中没有的部分</translation>
    </message>
    <message>
        <source>This console</source>
        <translation>本控制台</translation>
    </message>
    <message>
        <source>History from: %1</source>
        <translation>历史来自：%1</translation>
    </message>
    <message>
        <source>History from: %1. What memory does not hold comes from there (H)</source>
        <translation>历史来自：%1。内存中没有的部分取自该处（H）</translation>
    </message>
    <message>
        <source>+%1 samples</source>
        <translation>+%1 个样本</translation>
    </message>
</context>
<context>
    <name>widgets::Tray</name>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>%1 firing</source>
        <translation>%1 条告警</translation>
    </message>
</context>
<context>
    <name>widgets::WaitersTab</name>
    <message>
        <source>first %1 of %2</source>
        <translation>前 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>Nobody waits.</source>
        <translation>没有等待者。</translation>
    </message>
    <message>
        <source>Callers waiting for a connection</source>
        <translation>等待连接的请求</translation>
    </message>
</context>
<context>
    <name>widgets::saveFile</name>
    <message>
        <source>there is not enough memory to make it</source>
        <translation>内存不足，无法生成</translation>
    </message>
</context>
</TS>
