import {
  CheckboxEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { _ } from '../texts.js';
import { readProperty, writeProperty } from './zeebe-properties.js';

/** Before the groups of Camunda 8, whose provider has the usual place of 1000 and below. */
const PLACE = 400;

/** Deadlines, of a step and as the rule for all steps of a process. */
const DEADLINES = [
  {
    name: 'jiaoyan.due-working-days',
    label: _('办理期限（工作日）'),
    hint: _('到达后几个工作日内办完，如 5；0 是当天下班前。写了它就不要再写截止时间。'),
  },
  {
    name: 'jiaoyan.remind-before',
    label: _('到期前提醒'),
    general: _('到期前提醒（全部步骤）'),
    hint: _('提前几个工作日提醒办理人，多次用逗号隔开，如 3, 1；按时钟写 PT2H；不提醒写 none。不填时提前 1 个工作日。'),
  },
  {
    name: 'jiaoyan.remind-after',
    label: _('逾期后提醒'),
    general: _('逾期后提醒（全部步骤）'),
    hint: _('逾期几个工作日后第一次提醒，如 1；不提醒写 none。'),
  },
  {
    name: 'jiaoyan.remind-every',
    label: _('再次提醒的间隔'),
    general: _('再次提醒的间隔（全部步骤）'),
    hint: _('之后每几个工作日再提醒一次，如 2；只提醒一次写 none。'),
  },
  {
    name: 'jiaoyan.remind-limit',
    label: _('逾期后最多提醒几次'),
    general: _('逾期后最多提醒几次（全部步骤）'),
    hint: _('1 到 50，不填时 5 次。'),
  },
  {
    name: 'jiaoyan.remind-at',
    label: _('提醒和上报的时刻'),
    general: _('提醒和上报的时刻（全部步骤）'),
    hint: _('北京时间，如 09:00。'),
  },
  {
    name: 'jiaoyan.escalate-after',
    label: _('逾期上报的时间'),
    general: _('逾期上报的时间（全部步骤）'),
    hint: _('逾期几个工作日后上报，一级一个，如 2, 5；不上报写 none。'),
  },
  {
    name: 'jiaoyan.escalate-to',
    label: _('逾期上报的对象'),
    general: _('逾期上报的对象（全部步骤）'),
    hint: _('与时间一一对应：superior（上级负责人）、owner（流程负责人）、group:组编号，或“负责人 @ 人事科”，如 superior, owner。'),
  },
  {
    name: 'jiaoyan.urge-cooldown',
    label: _('催办间隔（小时）'),
    general: _('催办间隔（小时，全部步骤）'),
    hint: _('同一任务两次催办至少隔几小时，不填时 4。'),
  },
];

/** What does something; what only waits or parts the way cannot be irreversible. */
const DOING = ['bpmn:Activity', 'bpmn:IntermediateThrowEvent'];

/** What is ours alone, as fields: kept as extension properties, so any modeler keeps them. */
const FIELDS = [
  {
    name: 'jiaoyan.title',
    of: 'bpmn:Process',
    label: _('事项标题'),
    hint: _('表达式，如 ="准入申请：" + 姓名。不填时用流程名称。'),
  },
  {
    name: 'jiaoyan.category',
    of: 'bpmn:Process',
    label: _('分类'),
    hint: _('发起页按它归类。'),
  },
  {
    name: 'jiaoyan.start-label',
    of: 'bpmn:Process',
    label: _('发起表单的名称'),
    hint: _('填一个名词，如“会议安排”，发起页就写“会议安排”和“提交会议安排”。不填时写“申请内容”和“提交申请”。'),
  },
  {
    name: 'jiaoyan.retention',
    of: 'bpmn:Process',
    label: _('事项的保存期限'),
    hint: _('permanent（永久），或从办结算起的年数、天数，如 P10Y、P190D。不填时永久保存。'),
  },
  {
    name: 'jiaoyan.closed',
    of: 'bpmn:Process',
    label: _('封闭的流程'),
    hint: _('勾选后，只有“授权”里对这个流程点名授权的人，和办理、发起事项的人自己，能看到它的事项；授权“全部流程”的人（如运维人员）看不到，也不计入他们的数字。用于退出、命题、表决这类事项。发布后再去掉勾选，新旧事项仍然封闭，要由运维人员写明理由解除。'),
    check: true,
  },
  {
    name: 'jiaoyan.sealed',
    of: 'bpmn:Process',
    label: _('不能从外面写入'),
    hint: _('勾选后，事项只由办理人和系统自己的步骤推进：运维人员、接口程序不能改写它的数据，也不能向它发送消息和信号。有人据以作出决定的流程都应勾选。发布后再去掉勾选，新旧事项仍然不能从外面写入。'),
    check: true,
  },
  {
    name: 'jiaoyan.called-only',
    of: 'bpmn:Process',
    label: _('只由其他流程调用'),
    hint: _('勾选后，谁都不能单独发起它，发起页和接口都不能：只有别的流程用调用活动调用它，或者它自己的事件启动它。办到一半才用的流程都要勾选。它不能有开始表单。'),
    check: true,
  },
  {
    name: 'jiaoyan.owner',
    of: 'bpmn:Process',
    label: _('流程负责人'),
    hint: _('逾期上报找不到上级时报给谁：用户名、group:组编号，或“负责人 @ 人事科”。'),
  },
  ...DEADLINES.map((field) => ({ ...field, of: 'bpmn:Process', label: field.general ?? field.label })).filter(
    ({ name }) => name !== 'jiaoyan.due-working-days',
  ),
  {
    name: 'jiaoyan.outcomes',
    of: 'bpmn:UserTask',
    label: _('办理结果'),
    hint: _('每个结果一个按钮，如 approve=核对属实; reject=不予通过。不填时只有“提交”。'),
  },
  {
    name: 'jiaoyan.comment-required',
    of: 'bpmn:UserTask',
    label: _('必须填意见的结果'),
    hint: _('写结果的代号，多个用逗号隔开，如 reject。'),
  },
  {
    name: 'jiaoyan.no-deputy',
    of: 'bpmn:UserTask',
    label: _('只能由本人办理'),
    hint: _('表决、评分、签字等步骤：代理人看不到，也不能改派、转交给别人。图上要有换人的办法，如期限届满后另行安排、补选。'),
    check: true,
  },
  {
    name: 'jiaoyan.recuse-from',
    of: 'bpmn:UserTask',
    label: _('回避对象'),
    hint: _('这一步办理的是谁的事，写他们的用户名，如 =[initiator]。本人和与他们有亲属、利害关系的人不能办理。'),
  },
  ...DEADLINES.map((field) => ({ ...field, of: 'bpmn:UserTask' })),
  {
    name: 'jiaoyan.public-comment',
    of: 'bpmn:UserTask',
    label: _('对申请人公开意见的结果'),
    hint: _('写结果的代号，如 supplement, reject；其他结果的意见申请人看不到。'),
  },
  {
    name: 'jiaoyan.public-name',
    of: 'bpmn:FlowNode',
    label: _('对外名称'),
    hint: _('办事大厅里申请人看到的步骤名，如“材料审核”。不填时申请人看不到这一步。'),
    not: 'bpmn:Gateway',
  },
  ...DOING.map((of) => ({
    name: 'jiaoyan.irreversible',
    of,
    not: 'bpmn:ReceiveTask',
    label: _('不可撤回，依法纠正的办法'),
    hint: _('这一步完成以后不能再终止流程，有错只能依法纠正：写明办法，如“复议”“更正”“撤销决定”。用于决定、送达、公示、启封试卷等步骤。不填时可以终止。'),
  })),
  ...DOING.map((of) => ({
    name: 'jiaoyan.rests-on-no-decision',
    of,
    not: 'bpmn:ReceiveTask',
    label: _('不执行决定的理由'),
    hint: _('不可撤回的步骤如果执行局党组决定，之前要调用“核对党组决定”。这一步与决定是否有效无关的（如告知未通过、撤回公示），写明理由，部署检查不再提醒。'),
  })),
  ...DOING.map((of) => ({
    name: 'jiaoyan.retitle',
    of,
    not: 'bpmn:ReceiveTask',
    label: _('办完后重新生成事项标题'),
    hint: _('标题里要写这一步才知道的内容（如编号）时勾选：这一步完成以后，按流程的“事项标题”重新生成。'),
    check: true,
  })),
  {
    name: 'jiaoyan.async',
    of: 'bpmn:ServiceTask',
    label: _('提交后再办理，不让人等'),
    check: true,
  },
  {
    name: 'jiaoyan.retry',
    of: 'bpmn:ServiceTask',
    label: _('失败后的重试间隔'),
    hint: _('如 PT1M, PT5M, PT30M。'),
  },
];

class BureauPropertiesProvider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(PLACE, this);
  }

  getGroups(element) {
    return (groups) => {
      const owner = ownerOf(element);
      const fields = FIELDS.filter(({ of, not }) => is(owner, of) && !(not && is(owner, not)));
      if (fields.length === 0) return groups;
      const group = {
        id: 'jiaoyan',
        label: _('办理设置'),
        entries: fields.map((field) => entry(field, element)),
      };
      const [first, ...rest] = groups;
      return [first, group, ...rest].filter(Boolean);
    };
  }
}
BureauPropertiesProvider.$inject = ['propertiesPanel'];

export default {
  __init__: ['bureauPropertiesProvider'],
  bureauPropertiesProvider: ['type', BureauPropertiesProvider],
};

/** A frame stands for the process in it. */
function ownerOf(element) {
  const businessObject = getBusinessObject(element);
  return businessObject.processRef ?? businessObject;
}

/** A component of its own each time would cost the field its focus at every letter. */
function entry({ name, label, hint, check }, element) {
  return {
    id: name,
    element,
    name,
    label,
    hint,
    component: check ? CheckProperty : TextProperty,
    isEdited: check ? isCheckboxEntryEdited : isTextFieldEntryEdited,
  };
}

function TextProperty({ element, name, label, hint }) {
  const write = useWriter(element, name);
  return TextFieldEntry({
    element,
    id: name,
    label,
    description: hint,
    debounce: useService('debounceInput'),
    getValue: () => readProperty(ownerOf(element), name) ?? '',
    setValue: (value) => write(value || undefined),
  });
}

function CheckProperty({ element, name, label, hint }) {
  const write = useWriter(element, name);
  return CheckboxEntry({
    element,
    id: name,
    label,
    description: hint,
    getValue: () => readProperty(ownerOf(element), name) === 'true',
    setValue: (value) => write(value ? 'true' : undefined),
  });
}

function useWriter(element, name) {
  const modeling = useService('modeling');
  const moddle = useService('bpmnFactory');
  return (value) => writeProperty({ modeling, moddle, element, owner: ownerOf(element) }, name, value);
}
