/** Texts of the page that checks a file. It is one file without a server, so it brings them along. */
export interface Words {
  readonly lang: string;
  readonly title: string;
  readonly lead: string;
  readonly root: string;
  readonly drop: string;
  readonly working: string;
  readonly unreadable: string;
  readonly good: string;
  readonly bad: string;
  readonly isSame: string;
  readonly differs: string;
  readonly notHere: string;
  readonly unproved: string;
  readonly notKnown: string;
  readonly runUnknown: string;
  ownJudge(digests: readonly string[]): string;
  decided(same: number, all: number): string;
}

const EN: Words = {
  lang: 'en',
  title: 'Check an exported history or an evidence packet',
  lead: 'Everything happens in this page: it sends nothing, and works from a disk with the network off.',
  root: 'Root or digest that you know from elsewhere (optional)',
  drop: 'Drop an exported history or an evidence packet here, or choose a file.',
  working: 'Checking …',
  unreadable: 'The file cannot be read.',
  good: 'Nothing is broken: every hash, link, seal and disclosure holds.',
  bad: 'Broken:',
  isSame: 'decided again: the same',
  differs: 'decided again: differs',
  notHere: 'not decided again here',
  unproved: 'Not proved:',
  notKnown: 'The file names rules that this page does not know, so they were not run.',
  runUnknown: 'Let the rules in the file judge it, in an interpreter',
  ownJudge: (digests) =>
    `The file's own rules judged the file: this page does not know the rules ${digests.join(', ')}. That a decision is the same proves nothing.`,
  decided: (same, all) => `${same} of ${all} decisions were decided again and come out the same.`,
};

const ZH: Words = {
  lang: 'zh',
  title: '核验导出的记录或证据包',
  lead: '一切都在本页面内完成:不发送任何数据,断网也可从磁盘打开使用。',
  root: '您从别处获知的根哈希或摘要(可不填)',
  drop: '将导出的记录或证据包拖到此处,或选择文件。',
  working: '正在核验……',
  unreadable: '无法读取该文件。',
  good: '未发现任何破坏:所有哈希、链接、封存与披露均成立。',
  bad: '已被破坏:',
  isSame: '重新裁决:一致',
  differs: '重新裁决:不一致',
  notHere: '未在此重新裁决',
  unproved: '未证明:',
  notKnown: '该文件引用了本页面不认识的规则,因此未予运行。',
  runUnknown: '让文件自带的规则在解释器中评判它',
  ownJudge: (digests) => `该文件由其自带的规则评判:本页面不认识规则 ${digests.join('、')}。裁决一致并不能证明任何事情。`,
  decided: (same, all) => `${all} 项裁决中有 ${same} 项已重新作出,结果一致。`,
};

/** The words for a reader's languages; English where none fits. */
export function wordsFor(languages: readonly string[]): Words {
  return languages[0]?.toLowerCase().startsWith('zh') === true ? ZH : EN;
}
